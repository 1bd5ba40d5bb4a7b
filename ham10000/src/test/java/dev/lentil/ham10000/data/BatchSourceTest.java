package dev.lentil.ham10000.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Batch;
import dev.lentil.backend.BatchImages;
import dev.lentil.backend.ImageStore;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.image.Augmentation;
import dev.lentil.image.Normalization;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchSourceTest {
  private static final int COUNT = 23;
  private static final int SIDE = 20;

  /** Image i is filled with i, but for a gradient that makes augmentation visible. */
  private static final Pixels PIXELS = Pixels.of(IntStream.range(0, COUNT).mapToObj(i -> {
    var rgb = new byte[SIDE * SIDE * 3];
    for (int k = 0; k < rgb.length; k++) {
      rgb[k] = (byte) (i + k % 97);
    }
    return new RgbImage(SIDE, SIDE, rgb);
  }).toList());

  private static final List<Sample> SAMPLES = IntStream.range(0, COUNT)
      .mapToObj(i -> new Sample(COUNT - 1 - i, i % 3 == 0 ? 1 : 0, 0.5f + i)).toList();

  private static BatchSource.Settings settings(int threads) {
    return new BatchSource.Settings(5, 1, Normalization.of(InputScaling.ZERO_TO_ONE), threads);
  }

  private record Copy(Shape shape, double[] images, double[] labels, double[] weights) {
    static Copy of(Batch batch) {
      return new Copy(batch.images().shape(), batch.images().doubles().clone(), batch.labels().doubles().clone(),
          batch.weights().doubles().clone());
    }

    String text() {
      return shape + " " + Arrays.hashCode(images) + Arrays.toString(labels) + Arrays.toString(weights);
    }
  }

  private static List<Copy> read(BatchSource source) {
    try (source) {
      var batches = new ArrayList<Copy>();
      while (source.hasNext()) {
        batches.add(Copy.of(source.next()));
      }
      assertThrows(NoSuchElementException.class, source::next);
      return batches;
    }
  }

  private static BatchSource training(int threads, int epoch, int firstBatch) {
    return BatchSource.training(PIXELS, SAMPLES, settings(threads), Regime.of(Augmentation.DEFAULT), 42, 1, epoch,
        firstBatch);
  }

  @Test
  void evaluationIsInOrderAndAsIs() {
    var batches = read(BatchSource.evaluation(PIXELS, SAMPLES, settings(2)));
    assertEquals(5, batches.size());
    assertEquals(Shape.of(5, SIDE, SIDE, 3), batches.get(0).shape);
    assertEquals(Shape.of(3, SIDE, SIDE, 3), batches.get(4).shape);
    for (int i = 0; i < COUNT; i++) {
      var batch = batches.get(i / 5);
      assertEquals(SAMPLES.get(i).label(), batch.labels[i % 5]);
      assertEquals(SAMPLES.get(i).weight(), batch.weights[i % 5]);
      for (int k = 0; k < SIDE * SIDE * 3; k++) {
        assertEquals((COUNT - 1 - i + k % 97) / 255.0, batch.images[i % 5 * SIDE * SIDE * 3 + k], 1e-7);
      }
    }
  }

  /** As a device would hold them: a batch carries no values then, only what the device needs to make the same. */
  @Test
  void imagesThatADeviceHoldsAreNamedWithTheirTransformations() {
    var store = new ImageStore() {
      @Override
      public int height() {
        return SIDE;
      }

      @Override
      public int width() {
        return SIDE;
      }

      @Override
      public int count() {
        return COUNT;
      }

      @Override
      public void close() {}
    };
    var stored = watched(Optional.of(store), index -> {
      throw new AssertionError("image " + index + " was read, although a device holds it");
    });
    var expected = read(training(1, 3, 1)).stream().map(Copy::text).toList();
    var actual = new ArrayList<String>();
    var regime = Regime.of(Augmentation.DEFAULT);
    try (var source = BatchSource.training(stored, SAMPLES, settings(2), regime, 42, 1, 3, 1)) {
      while (source.hasNext()) {
        Batch batch = source.next();
        assertThrows(IllegalArgumentException.class, batch::images);
        var named = assertInstanceOf(BatchImages.Stored.class, batch.input());
        var values = new float[named.shape().size()];
        var rgb = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < named.size(); i++) {
          PIXELS.copy(named.images().get(i).index(), rgb);
          named.images().get(i).map().apply(rgb, SIDE, SIDE, named.normalization(), values, i * rgb.length);
        }
        actual.add(Copy.of(new Batch(Tensor.of(named.shape(), values), batch.labels(), batch.weights())).text());
      }
    }
    assertEquals(expected, actual);
  }

  @Test
  void oneHotLabels() {
    var settings = new BatchSource.Settings(3, 7, Normalization.of(InputScaling.MINUS_ONE_TO_ONE), 1);
    var batch =
        read(BatchSource.evaluation(PIXELS, List.of(new Sample(0, 6, 1), new Sample(1, 0, 1)), settings)).getFirst();
    assertArrayEquals(new double[] {0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0}, batch.labels);
  }

  @Test
  void smoothedLabels() {
    var regime = new Regime(Augmentation.NONE, Sampling.SHUFFLED, 0.1);
    for (var batch : read(BatchSource.training(PIXELS, SAMPLES, settings(1), regime, 42, 1, 1, 0))) {
      for (int i = 0; i < batch.labels.length; i++) {
        int sample = (int) (batch.weights[i] - 0.5);
        assertEquals(SAMPLES.get(sample).label() == 1 ? 0.95 : 0.05, batch.labels[i], 1e-7);
      }
    }
    var settings = new BatchSource.Settings(1, 5, Normalization.of(InputScaling.MINUS_ONE_TO_ONE), 1);
    var batch =
        read(BatchSource.training(PIXELS, List.of(new Sample(0, 3, 1)), settings, regime, 1, 1, 1, 0)).getFirst();
    assertArrayEquals(new double[] {0.02, 0.02, 0.02, 0.92, 0.02}, batch.labels, 1e-7);
  }

  @Test
  void balancedEpochsAreEnteredAnywhereAndRepeatedImagesDiffer() {
    var regime = new Regime(Augmentation.DEFAULT, Sampling.BALANCED, 0);
    var whole = read(BatchSource.training(PIXELS, SAMPLES, settings(1), regime, 42, 1, 1, 0));
    var text = whole.stream().map(Copy::text).toList();
    for (int first = 0; first <= 5; first++) {
      assertEquals(text.subList(first, 5),
          read(BatchSource.training(PIXELS, SAMPLES, settings(3), regime, 42, 1, 1, first))
              .stream().map(Copy::text).toList());
    }
    var images = new ArrayList<String>();
    var weights = new ArrayList<Double>();
    for (var batch : whole) {
      for (int i = 0; i < batch.weights.length; i++) {
        int size = SIDE * SIDE * 3;
        images.add(Arrays.toString(Arrays.copyOfRange(batch.images, i * size, (i + 1) * size)));
        weights.add(batch.weights[i]);
      }
    }
    assertEquals(COUNT, images.size());
    assertTrue(weights.stream().distinct().count() < COUNT, "no sample came twice");
    assertEquals(COUNT, images.stream().distinct().count());
  }

  @Test
  void trainingShowsEverySampleOnceInAnotherOrderEachEpoch() {
    var orders = new ArrayList<String>();
    for (int epoch = 1; epoch <= 3; epoch++) {
      var weights =
          read(training(2, epoch, 0)).stream().flatMapToDouble(batch -> Arrays.stream(batch.weights)).toArray();
      orders.add(Arrays.toString(weights));
      Arrays.sort(weights);
      for (int i = 0; i < COUNT; i++) {
        assertEquals(0.5 + i, weights[i]);
      }
    }
    assertEquals(3, orders.stream().distinct().count());
  }

  @Test
  void sameForAnyNumberOfThreads() {
    var expected = read(training(1, 1, 0)).stream().map(Copy::text).toList();
    for (int threads : new int[] {2, 3, 8}) {
      assertEquals(expected, read(training(threads, 1, 0)).stream().map(Copy::text).toList());
    }
    assertNotEquals(expected, read(training(1, 2, 0)).stream().map(Copy::text).toList());
  }

  @Test
  void entersAnEpochAnywhere() {
    var whole = read(training(2, 1, 0)).stream().map(Copy::text).toList();
    for (int first = 0; first <= 5; first++) {
      assertEquals(whole.subList(first, 5), read(training(2, 1, first)).stream().map(Copy::text).toList());
    }
    assertThrows(IllegalArgumentException.class, () -> training(2, 1, 6));
  }

  /** A slow consumer must not let the workers run ahead without bound. */
  @Test
  void workersWaitForTheConsumer() throws InterruptedException {
    var read = new AtomicInteger();
    try (var source = BatchSource.evaluation(counting(read, -1), SAMPLES,
        new BatchSource.Settings(1, 1, Normalization.of(InputScaling.ZERO_TO_ONE), 2))) {
      source.next();
      // three arrays exist: one is with the consumer, two are made ahead
      assertStopsAt(3, read);
      source.next();
      assertStopsAt(4, read);
    }
  }

  private static void assertStopsAt(int expected, AtomicInteger read) throws InterruptedException {
    while (read.get() < expected) {
      Thread.sleep(1);
    }
    Thread.sleep(50);
    assertEquals(expected, read.get());
  }

  @Test
  void aFailingImageSurfacesOnceAtItsBatch() {
    for (int threads : new int[] {1, 4}) {
      var source = BatchSource.evaluation(counting(new AtomicInteger(), 11), SAMPLES, settings(threads));
      // image 11 is sample 11, in batch 2
      assertEquals(5, source.next().size());
      assertEquals(5, source.next().size());
      assertEquals("image 11 is broken", assertThrows(UserError.class, source::next).getMessage());
      assertFalse(source.hasNext());
      source.close();
    }
  }

  @Test
  void closingEarlyEndsEveryThread() {
    for (int i = 0; i < 30; i++) {
      var source = training(3, 1, 0);
      for (int k = 0; k < i % 5; k++) {
        source.next();
      }
      source.close();
      source.close();
      assertThrows(NoSuchElementException.class, source::next);
    }
    assertTrue(Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().startsWith("lentil-batches")));
  }

  @Test
  void trainingImagesAreTrainingData() {
    var data = new TrainingImages(PIXELS, SAMPLES, settings(2), Regime.of(Augmentation.DEFAULT), 42);
    assertEquals(5, data.batches());
    try (var batches = data.epoch(1, 1, 3)) {
      var whole = read(training(1, 1, 0));
      assertEquals(whole.get(3).text(), Copy.of(batches.next()).text());
    }
  }

  private static Pixels counting(AtomicInteger read, int broken) {
    return watched(Optional.empty(), index -> {
      read.incrementAndGet();
      if (index == broken) {
        throw new UserError("image " + index + " is broken");
      }
    });
  }

  /** {@link #PIXELS}, with {@code reading} called before each image is. */
  private static Pixels watched(Optional<ImageStore> store, IntConsumer reading) {
    return new Pixels() {
      @Override
      public Optional<ImageStore> store() {
        return store;
      }

      @Override
      public int height() {
        return SIDE;
      }

      @Override
      public int width() {
        return SIDE;
      }

      @Override
      public int count() {
        return COUNT;
      }

      @Override
      public void copy(int index, byte[] rgb) {
        reading.accept(index);
        PIXELS.copy(index, rgb);
      }
    };
  }
}
