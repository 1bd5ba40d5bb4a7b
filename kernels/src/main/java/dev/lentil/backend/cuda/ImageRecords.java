package dev.lentil.backend.cuda;

import dev.lentil.backend.BatchImages;
import dev.lentil.image.ColourMatrix;
import dev.lentil.image.ImageMap;
import dev.lentil.image.Normalization;
import java.nio.ByteBuffer;

/** What {@code image_map.cu} reads of a batch whose images the card holds: its two structures, byte by byte. */
final class ImageRecords {
  /** Bytes of {@code Normalization}. */
  static final int NORMALIZATION = 4 * (3 * 256 + 3 + 3);
  /** Bytes of one {@code Image}. */
  static final int IMAGE = 8 + 4 * 4 + 8 * 6 + 4 * 12;

  private ImageRecords() {}

  static void write(ByteBuffer to, Normalization normalization) {
    for (int c = 0; c < 3; c++) {
      for (int value = 0; value < 256; value++) {
        to.putFloat(normalization.ofByte(c, value));
      }
    }
    for (int c = 0; c < 3; c++) {
      to.putFloat(normalization.scale(c));
    }
    for (int c = 0; c < 3; c++) {
      to.putFloat(normalization.shift(c));
    }
  }

  static void write(ByteBuffer to, CudaImages store, BatchImages.Stored.Image image) {
    int end = to.position() + IMAGE;
    to.putLong(store.address(image.index()));
    switch (image.map()) {
      case ImageMap.AsIs _ -> to.putInt(0);
      case ImageMap.Affine map -> {
        to.putInt(1).putInt(map.flipHorizontal() ? 1 : 0).putInt(map.flipVertical() ? 1 : 0)
            .putInt(map.colours().isPresent() ? 1 : 0);
        for (double m : map.coordinates()) {
          to.putDouble(m);
        }
        map.colours().ifPresent(colours -> write(to, colours));
      }
    }
    to.position(end);
  }

  private static void write(ByteBuffer to, ColourMatrix colours) {
    for (float[] channel : colours.factors()) {
      for (float factor : channel) {
        to.putFloat(factor);
      }
    }
  }
}
