package dev.lentil.backend;

import dev.lentil.image.ImageMap;
import dev.lentil.image.Normalization;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.List;

/** The images of a batch: themselves, or what a device makes them of. */
public sealed interface BatchImages {
  /** {@code [n,h,w,c]}. */
  Shape shape();

  default int size() {
    return shape().extent(0);
  }

  /** @param values {@code [n,h,w,c]}, already normalised */
  record Values(Tensor values) implements BatchImages {
    @Override
    public Shape shape() {
      return values.shape();
    }
  }

  /**
   * Images that a device holds, each mapped and normalised by the device; bit for bit what {@link ImageMap#apply} makes.
   *
   * @param images one for each sample
   */
  record Stored(ImageStore store, Normalization normalization, List<Image> images) implements BatchImages {
    /** @param index in the store */
    public record Image(int index, ImageMap map) {}

    public Stored {
      images = List.copyOf(images);
      for (Image image : images) {
        if (image.index < 0 || image.index >= store.count()) {
          throw new IllegalArgumentException("there is no image " + image.index + " among " + store.count());
        }
      }
    }

    @Override
    public Shape shape() {
      return Shape.of(images.size(), store.height(), store.width(), 3);
    }
  }
}
