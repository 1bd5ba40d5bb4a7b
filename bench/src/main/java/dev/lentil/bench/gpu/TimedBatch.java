package dev.lentil.bench.gpu;

import dev.lentil.backend.Batch;
import dev.lentil.backend.BatchImages;
import dev.lentil.backend.Device;
import dev.lentil.backend.ImageStore;
import dev.lentil.bench.gpu.StepTiming.Work;
import dev.lentil.image.ByteImages;
import dev.lentil.image.ImageMap;
import dev.lentil.image.Normalization;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.plan.Plan;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** A batch of noise with labels. */
record TimedBatch(Batch batch, Optional<ImageStore> store) implements AutoCloseable {
  /** As much of a turn as augmentation makes, and a flip. */
  private static final ImageMap AUGMENTED =
      new ImageMap.Affine(new double[] {0.98, -0.17, 21, 0.17, 0.98, -17}, true, false, Optional.empty());

  static TimedBatch of(Device device, Plan plan, Work work) {
    return switch (work) {
      case INFERENCE -> stored(device, plan, ImageMap.AS_IS);
      case INFERENCE_FROM_HOST -> carried(plan);
      case TRAINING -> stored(device, plan, AUGMENTED);
    };
  }

  /** Copied to the device in every run. */
  private static TimedBatch carried(Plan plan) {
    Shape shape = plan.value(plan.input()).shape().batched(plan.batch());
    var random = new Random(1);
    float[] pixels = new float[shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    return new TimedBatch(Batch.of(Tensor.of(shape, pixels), labels(plan)), Optional.empty());
  }

  /** Made on the device in every run; copied to a device that holds no images. */
  private static TimedBatch stored(Device device, Plan plan, ImageMap map) {
    Shape shape = plan.value(plan.input()).shape();
    int n = plan.batch();
    Optional<ImageStore> store = device.store(new Noise(shape.extent(0), shape.extent(1), n), List.of(plan));
    return store.map(images -> {
      var named = new BatchImages.Stored(images, Normalization.of(InputScaling.MINUS_ONE_TO_ONE),
          IntStream.range(0, n).mapToObj(i -> new BatchImages.Stored.Image(i, map)).toList());
      return new TimedBatch(Batch.of(named, labels(plan)), store);
    }).orElseGet(() -> carried(plan));
  }

  private static Tensor labels(Plan plan) {
    float[] labels = new float[plan.batch()];
    for (int i = 0; i < labels.length; i += 2) {
      labels[i] = 1;
    }
    return Tensor.of(Shape.of(labels.length, 1), labels);
  }

  private record Noise(int height, int width, int count) implements ByteImages {
    @Override
    public void copy(int index, byte[] rgb) {
      new Random(index).nextBytes(rgb);
    }
  }

  @Override
  public void close() {
    store.ifPresent(ImageStore::close);
  }
}
