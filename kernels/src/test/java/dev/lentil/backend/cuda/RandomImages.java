package dev.lentil.backend.cuda;

import dev.lentil.backend.Batch;
import dev.lentil.backend.BatchImages;
import dev.lentil.backend.ImageStore;
import dev.lentil.image.ByteImages;
import dev.lentil.image.ColourMatrix;
import dev.lentil.image.ImageMap;
import dev.lentil.image.Normalization;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Images of noise, maps of them, and batches, made on the processor or named. */
record RandomImages(int count, int height, int width, long seed) implements ByteImages {
  /** As torchvision's weights expect their input: another factor and summand for each channel. */
  static final Normalization NORMALIZATION =
      Normalization.of((value, channel) -> (value / 255 - 0.4f - 0.03f * channel) / (0.23f - 0.01f * channel));

  /** Half-way between two coordinates of 32 fractional bits that have different first 24: whoever rounds it otherwise shows it. */
  private static final double HALF = 0.5 - 0x1p-33;

  @Override
  public void copy(int index, byte[] rgb) {
    byte[] noise = new byte[3 * height * width];
    new Random(seed + index).nextBytes(noise);
    System.arraycopy(noise, 0, rgb, 0, noise.length);
  }

  /** As it is, flipped, turned by a quarter, moved by half a pixel, or rotated, shifted, zoomed, out of the image too, and recoloured. */
  static ImageMap map(Random random, int number, int height, int width) {
    boolean horizontal = random.nextBoolean();
    boolean vertical = random.nextBoolean();
    return switch (number % 5) {
      case 4 -> new ImageMap.Affine(new double[] {1, 0, HALF, 0, 1, HALF}, horizontal, vertical, Optional.empty());
      case 0 -> ImageMap.AS_IS;
      case 1 -> new ImageMap.Affine(new double[] {1, 0, 0, 0, 1, 0}, horizontal, vertical, Optional.empty());
      case 2 -> new ImageMap.Affine(new double[] {0, -1, height - 1, 1, 0, 0}, horizontal, vertical, colours(random));
      default -> {
        double angle = random.nextDouble(-Math.PI, Math.PI);
        double zoom = random.nextDouble(0.5, 1.5);
        yield new ImageMap.Affine(
            new double[] {zoom * Math.cos(angle), -zoom * Math.sin(angle), random.nextDouble(-0.5, 1) * height,
                zoom * Math.sin(angle), Math.cos(angle), random.nextDouble(-0.5, 1) * width},
            horizontal, vertical, number % 10 == 3 ? Optional.empty() : colours(random));
      }
    };
  }

  /** Strong enough to leave 0..255 at both ends. */
  private static Optional<ColourMatrix> colours(Random random) {
    float[][] factors = new float[3][4];
    for (int out = 0; out < 3; out++) {
      for (int in = 0; in < 4; in++) {
        factors[out][in] = in == 3 ? random.nextFloat(-60, 60) : random.nextFloat(-0.4f, 1);
      }
    }
    return Optional.of(new ColourMatrix(factors));
  }

  /** A batch that names stored images. */
  static Batch named(ImageStore store, List<BatchImages.Stored.Image> images) {
    return batch(new BatchImages.Stored(store, NORMALIZATION, images), images);
  }

  /** The same batch, made by the processor. */
  static Batch made(ByteImages source, List<BatchImages.Stored.Image> images) {
    int size = 3 * source.height() * source.width();
    float[] values = new float[images.size() * size];
    byte[] rgb = new byte[size];
    for (int i = 0; i < images.size(); i++) {
      source.copy(images.get(i).index(), rgb);
      images.get(i).map().apply(rgb, source.height(), source.width(), NORMALIZATION, values, i * size);
    }
    return batch(
        new BatchImages.Values(Tensor.of(Shape.of(images.size(), source.height(), source.width(), 3), values)), images);
  }

  private static Batch batch(BatchImages input, List<BatchImages.Stored.Image> images) {
    float[] labels = new float[images.size()];
    float[] weights = new float[images.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = images.get(i).index() % 2;
      weights[i] = labels[i] == 0 ? 0.7f : 1.6f;
    }
    return new Batch(input, Tensor.of(Shape.of(labels.length, 1), labels),
        Tensor.of(Shape.of(weights.length), weights));
  }
}
