package dev.lentil.ham10000.data;

import dev.lentil.backend.ImageStore;
import dev.lentil.image.ByteImages;
import dev.lentil.mobilenetv2.image.RgbImage;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Images of one size, by number, and what makes sure that they are the same as before. */
public interface Pixels extends ByteImages {
  /** Where a device holds the same images under the same numbers; empty if none does. */
  default Optional<ImageStore> store() {
    return Optional.empty();
  }

  /** The CRC32C of image {@code index}. */
  default long checksum(int index) {
    byte[] rgb = new byte[height() * width() * 3];
    copy(index, rgb);
    var crc = new CRC32C();
    crc.update(rgb);
    return crc.getValue();
  }

  /** Images in memory, all of one size. */
  static Pixels of(List<RgbImage> images) {
    var list = List.copyOf(images);
    var first = list.getFirst();
    for (var image : list) {
      if (image.height() != first.height() || image.width() != first.width()) {
        throw new IllegalArgumentException(
            "images of " + first.height() + "x" + first.width() + " and " + image.height() + "x" + image.width()
                + " cannot be batched together");
      }
    }
    return new Pixels() {
      @Override
      public int height() {
        return first.height();
      }

      @Override
      public int width() {
        return first.width();
      }

      @Override
      public int count() {
        return list.size();
      }

      @Override
      public void copy(int index, byte[] rgb) {
        var from = list.get(index).rgb();
        System.arraycopy(from, 0, rgb, 0, from.length);
      }
    };
  }
}
