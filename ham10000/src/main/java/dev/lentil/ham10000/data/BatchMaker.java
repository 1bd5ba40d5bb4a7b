package dev.lentil.ham10000.data;

import dev.lentil.backend.Batch;
import dev.lentil.backend.BatchImages;
import dev.lentil.ham10000.image.Transform;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Makes the batches of an epoch, each by itself, from any thread. Where a device holds the images a batch names them with their
 * transformations, and the device does the rest.
 *
 * @param transforms of a draw
 * @param draws as {@link Sampling#draws}
 */
record BatchMaker(Pixels pixels, List<Sample> samples, BatchSource.Settings settings,
    LongFunction<Transform> transforms, double labelSmoothing, long[] draws) {
  BatchMaker {
    samples = List.copyOf(samples);
  }

  int batches() {
    return Math.ceilDiv(draws.length, settings.batchSize());
  }

  int imageBytes() {
    return pixels.height() * pixels.width() * 3;
  }

  /** Of a whole batch's images; 0 where a device makes them. */
  int floats() {
    return pixels.store().isPresent() ? 0 : settings.batchSize() * imageBytes();
  }

  /**
   * Makes a batch.
   *
   * @param number counted from 0
   * @param room for {@link #floats()}; the batch keeps it
   * @param rgb room for {@link #imageBytes()}
   */
  Batch make(int number, float[] room, byte[] rgb) {
    int first = number * settings.batchSize();
    int n = Math.min(settings.batchSize(), draws.length - first);
    int outputs = settings.outputs();
    var images = new ArrayList<BatchImages.Stored.Image>();
    var labels = new float[n * outputs];
    Arrays.fill(labels, (float) (labelSmoothing / Math.max(2, outputs)));
    var weights = new float[n];
    for (int i = 0; i < n; i++) {
      long draw = draws[first + i];
      var sample = samples.get((int) (draw % samples.size()));
      images.add(new BatchImages.Stored.Image(sample.index(),
          transforms.apply(draw).map(pixels.height(), pixels.width())));
      if (outputs == 1) {
        labels[i] += (float) (sample.label() * (1 - labelSmoothing));
      } else {
        labels[i * outputs + sample.label()] += (float) (1 - labelSmoothing);
      }
      weights[i] = sample.weight();
    }
    return new Batch(input(images, room, rgb), Tensor.of(Shape.of(n, outputs), labels),
        Tensor.of(Shape.of(n), weights));
  }

  private BatchImages input(List<BatchImages.Stored.Image> images, float[] room, byte[] rgb) {
    return pixels.store().<BatchImages>map(
        store -> new BatchImages.Stored(store, settings.normalization(), images))
        .orElseGet(() -> new BatchImages.Values(values(images, room, rgb)));
  }

  /** What a device would make of them. */
  private Tensor values(List<BatchImages.Stored.Image> images, float[] room, byte[] rgb) {
    int n = images.size();
    // the last batch may be smaller and have an array of its own
    var values = n == settings.batchSize() ? room : new float[n * imageBytes()];
    for (int i = 0; i < n; i++) {
      pixels.copy(images.get(i).index(), rgb);
      images.get(i).map().apply(rgb, pixels.height(), pixels.width(), settings.normalization(), values,
          i * imageBytes());
    }
    return Tensor.of(Shape.of(n, pixels.height(), pixels.width(), 3), values);
  }
}
