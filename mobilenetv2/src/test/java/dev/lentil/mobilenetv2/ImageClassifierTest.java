package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lentil.backend.Backends;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.mobilenetv2.image.Framing;
import dev.lentil.mobilenetv2.image.Resize;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.mobilenetv2.image.View;
import dev.lentil.mobilenetv2.image.Views;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Summary;
import dev.lentil.testing.RandomTensors;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageClassifierTest {
  private static ImageClassifier open(Head head) {
    return ImageClassifier.open(model(head), Backends.named("reference"), new DeviceOptions(1));
  }

  private static Model model(Head head) {
    var architecture = MobileNetV2.keras(0.35, 32, 33, head);
    return new Model(architecture, InputScaling.MINUS_ONE_TO_ONE, new RandomTensors(3).weights(architecture.network()),
        Map.of());
  }

  private static int[] pixels() {
    return pixels(0);
  }

  private static int[] pixels(int which) {
    int[] argb = new int[32 * 33];
    for (int i = 0; i < argb.length; i++) {
      argb[i] = 0xFF000000 | (i * 7919 + which * 54321) & 0xFFFFFF;
    }
    return argb;
  }

  private static float[] rgb(int[] argb) {
    float[] rgb = new float[argb.length * 3];
    for (int i = 0; i < argb.length; i++) {
      rgb[3 * i] = argb[i] >> 16 & 0xFF;
      rgb[3 * i + 1] = argb[i] >> 8 & 0xFF;
      rgb[3 * i + 2] = argb[i] & 0xFF;
    }
    return rgb;
  }

  @Test
  void pixelsAndValuesGiveTheSameProbabilities() {
    try (var classifier = open(new Head.Classifier(10))) {
      float[] probabilities = classifier.probabilities(pixels());
      assertArrayEquals(probabilities, classifier.probabilities(rgb(pixels())));
      double sum = 0;
      for (float p : probabilities) {
        sum += p;
      }
      assertEquals(1, sum, 1e-6);
      List<Prediction> top = classifier.top(3, pixels());
      assertEquals(3, top.size());
      assertTrue(top.get(0).probability() >= top.get(1).probability());
      assertEquals(probabilities[top.get(0).index()], top.get(0).probability());
      assertEquals(10, classifier.top(99, rgb(pixels())).size());
    }
  }

  @Test
  void oneOutputIsTwoClasses() {
    try (var classifier = open(Head.binary())) {
      float[] probabilities = classifier.probabilities(pixels());
      assertEquals(2, probabilities.length);
      assertEquals(1, probabilities[0] + probabilities[1], 1e-6);
    }
  }

  @Test
  void imagesOfAnotherSizeAndModelsWithoutClassesAreRefused() {
    try (var classifier = open(Head.binary())) {
      var error = assertThrows(IllegalArgumentException.class, () -> classifier.probabilities(new int[32 * 32]));
      assertTrue(error.getMessage().contains("1024 pixels") && error.getMessage().contains("32x33"),
          error.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> open(new Head.Features()));
  }

  /** One makes all probabilities NaN, and {@code top} would name the first classes as the likeliest. */
  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void valuesThatAreNoNumbersAreRefused(float value) {
    float[] rgb = rgb(pixels());
    rgb[77] = value;
    try (var classifier = open(Head.binary())) {
      var error = assertThrows(IllegalArgumentException.class, () -> classifier.top(1, rgb));
      assertEquals("value 77 of the image is " + value + "; give numbers of 0 to 255", error.getMessage());
    }
  }

  @Test
  void moreImagesThanAnArrayHoldsAreRefusedWithTheRemedy() {
    try (var classifier = open(Head.binary())) {
      var images = Collections.nCopies(1_000_000, pixels());
      var error = assertThrows(IllegalArgumentException.class, () -> classifier.probabilities(images));
      assertEquals("1000000 images of 32x33 need 3168000000 values, more than one array can hold: give fewer at once",
          error.getMessage());
    }
  }

  /** 40x60 is bent by 1.45 to become 32x33, 40x50 by 1.21, 40x45 by 1.09. */
  @ParameterizedTest
  @CsvSource({"40,60,", "40,50,", "40,45,", "16,20,", "40,60,bilinear", "40,60,nearest", "40,60,unknown", "32,33,"})
  void imagesOfAnySizeAreFramed(int height, int width, String resize) {
    Model plain = model(new Head.Classifier(10));
    var model = new Model(plain.architecture(), plain.scaling(), plain.weights(),
        resize == null ? Map.of() : Map.of(ModelMetadata.RESIZE, resize));
    int[] argb = new int[height * width];
    var rgb = new byte[3 * argb.length];
    for (int i = 0; i < argb.length; i++) {
      argb[i] = i * 7919;
      rgb[3 * i] = (byte) (argb[i] >> 16);
      rgb[3 * i + 1] = (byte) (argb[i] >> 8);
      rgb[3 * i + 2] = (byte) argb[i];
    }
    var image = new RgbImage(height, width, rgb);
    RgbImage framed = switch (resize) {
      case "bilinear" -> Resize.BILINEAR.to(image, 32, 33);
      case "nearest" -> Resize.NEAREST.to(image, 32, 33);
      case null, default -> Framing.AUTO.to(image, 32, 33);
    };
    try (var classifier = ImageClassifier.open(model, Backends.named("reference"), new DeviceOptions(1))) {
      float[] expected = classifier.probabilities(framed.values());
      assertArrayEquals(expected, classifier.probabilities(argb, height, width));
      RgbImage otherwise = resize == null ? Resize.BILINEAR.to(image, 32, 33) : Framing.CENTRE_CROP.to(image, 32, 33);
      assertEquals(Arrays.equals(framed.rgb(), otherwise.rgb()),
          Arrays.equals(expected, classifier.probabilities(otherwise.values())), "the framing makes no difference");
      assertEquals(expected[7], classifier.top(10, argb, height, width).stream().filter(p -> p.index() == 7).findFirst()
          .orElseThrow().probability());
      var error = assertThrows(IllegalArgumentException.class,
          () -> classifier.top(1, argb, height, width + 1));
      assertEquals("got " + argb.length + " pixels, but an image of " + height + "x" + (width + 1) + " has "
          + height * (width + 1), error.getMessage());
    }
  }

  @Test
  void photographsOfAnySizeAtOnce() {
    int[] wide = Arrays.copyOf(pixels(), 20 * 30);
    int[] high = Arrays.copyOf(pixels(1), 30 * 20);
    assertArrayEquals(wide, RgbImage.ofArgb(20, 30, wide).argb());
    try (var classifier = open(new Head.Classifier(10))) {
      Model model = classifier.model();
      List<float[]> together = classifier.probabilities(List.of(model.fit(RgbImage.ofArgb(20, 30, wide)).argb(),
          model.fit(RgbImage.ofArgb(30, 20, high)).argb()));
      assertArrayEquals(classifier.probabilities(wide, 20, 30), together.get(0));
      assertArrayEquals(classifier.probabilities(high, 30, 20), together.get(1));
    }
  }

  @ParameterizedTest
  @CsvSource({"1,binary", "flips,binary", "dihedral,binary", "flips,classes", "dihedral,classes", ",classes"})
  void overViewsIsTheMeanOfWhatEachViewGets(String views, String head) {
    var architecture = MobileNetV2.keras(0.35, 32, 32, head.equals("binary") ? Head.binary() : new Head.Classifier(5));
    var model = new Model(architecture, InputScaling.MINUS_ONE_TO_ONE,
        new RandomTensors(3).weights(architecture.network()),
        views == null ? Map.of() : Map.of(ModelMetadata.VIEWS, views));
    int[] argb = Arrays.copyOf(pixels(), 30 * 32);
    try (var classifier = ImageClassifier.open(model, Backends.named("reference"), new DeviceOptions(1))) {
      float[] upright = classifier.probabilities(argb, 30, 32);
      float[] actual = classifier.probabilitiesOverViews(argb, 30, 32);
      var all = model.views().all();
      assertEquals(views == null || views.equals("1") ? 1 : views.equals("flips") ? 4 : 8, all.size());
      var expected = new double[upright.length];
      for (View view : all) {
        float[] seen = classifier.probabilities(view.of(model.fit(RgbImage.ofArgb(30, 32, argb))).values());
        assertEquals(view.equals(View.UPRIGHT), Arrays.equals(upright, seen), "the views make no difference");
        for (int c = 0; c < expected.length; c++) {
          expected[c] += seen[c] / (double) all.size();
        }
      }
      for (int c = 0; c < expected.length; c++) {
        assertEquals((float) expected[c], actual[c]);
      }
    }
  }

  @Test
  void viewsThatTurnAnOblongImageAreRefused() {
    Model oblong = model(new Head.Classifier(5));
    var model = new Model(oblong.architecture(), oblong.scaling(), oblong.weights(),
        Map.of(ModelMetadata.VIEWS, Views.DIHEDRAL.toString()));
    try (var classifier = ImageClassifier.open(model, Backends.named("reference"), new DeviceOptions(1))) {
      var error =
          assertThrows(IllegalArgumentException.class, () -> classifier.probabilitiesOverViews(pixels(), 32, 33));
      assertTrue(error.getMessage().contains("'dihedral'") && error.getMessage().contains("32x33"), error.getMessage());
    }
  }

  @Test
  void severalImagesAtOnceGetWhatEachGetsByItself() {
    for (Head head : List.of(new Head.Classifier(10), Head.binary())) {
      try (var classifier = open(head)) {
        for (int count : new int[] {3, 2, 1, 3}) {
          List<int[]> images = IntStream.range(0, count).mapToObj(ImageClassifierTest::pixels).toList();
          List<float[]> several = classifier.probabilities(images);
          assertEquals(count, several.size());
          for (int i = 0; i < count; i++) {
            assertArrayEquals(classifier.probabilities(images.get(i)), several.get(i), 1e-6f);
          }
        }
        assertEquals(List.of(), classifier.probabilities(List.of()));
        var error = assertThrows(IllegalArgumentException.class,
            () -> classifier.probabilities(List.of(pixels(0), new int[3])));
        assertTrue(error.getMessage().contains("3 pixels"), error.getMessage());
      }
    }
  }

  /** Without waiting for one another nearly every answer was another thread's. */
  @ParameterizedTest
  @CsvSource({"reference,1,1,false", "reference,1,3,false", "cpu,1,1,false", "cpu,1,4,false", "cpu,2,3,false",
      "cpu,1,1,true", "cpu,1,4,true", "cpu,2,3,true"})
  void threadsGetWhatEachGetsByItself(String backend, int threadsOfEach, int callers, boolean virtual)
      throws Exception {
    Model model = model(new Head.Classifier(10));
    List<float[]> alone;
    try (var classifier = ImageClassifier.open(model, Backends.named(backend), new DeviceOptions(1))) {
      alone = IntStream.range(0, 8).mapToObj(i -> classifier.probabilities(pixels(i))).toList();
    }
    try (
        var classifier =
            ImageClassifier.open(model, Backends.named(backend), new DeviceOptions(threadsOfEach), callers);
        var threads = virtual ? Executors.newVirtualThreadPerTaskExecutor() : Executors.newFixedThreadPool(8)) {
      assertEquals(callers, classifier.callers());
      List<Callable<Boolean>> asked = IntStream.range(0, 64).<Callable<Boolean>>mapToObj(
          i -> () -> Arrays.equals(alone.get(i % 8),
              i % 3 == 0
                  ? classifier.probabilities(List.of(pixels(i % 8), pixels(0))).getFirst()
                  : classifier.probabilities(pixels(i % 8))))
          .toList();
      for (var answer : threads.invokeAll(asked)) {
        assertTrue(answer.get());
      }
    }
  }

  /** Each run waits until all are in one. */
  @Test
  @Timeout(60)
  void asManyAsItWasOpenedForAreAnsweredAtOnce() throws Exception {
    int callers = 3;
    var all = new CyclicBarrier(callers);
    var backend = new WatchedBackend(() -> all.await(), true);
    try (var classifier = ImageClassifier.open(model(Head.binary()), backend, new DeviceOptions(1), callers);
        var threads = Executors.newFixedThreadPool(2 * callers)) {
      List<Callable<float[]>> asked = Collections.nCopies(4 * callers, () -> classifier.probabilities(pixels()));
      for (var answer : threads.invokeAll(asked)) {
        assertEquals(2, answer.get().length);
      }
    }
    assertEquals(callers, backend.opened());
    assertEquals(1, backend.loaded());
    assertEquals(callers, backend.closed());
  }

  @Test
  void whereOneThingRunsAtATimeCallersWait() throws Exception {
    var inside = new AtomicInteger();
    var backend = new WatchedBackend(() -> assertEquals(1, inside.incrementAndGet()), inside::decrementAndGet, false);
    try (var classifier = ImageClassifier.open(model(Head.binary()), backend, new DeviceOptions(1), 4);
        var threads = Executors.newFixedThreadPool(4)) {
      assertEquals(1, classifier.callers());
      List<Callable<float[]>> asked = Collections.nCopies(16, () -> classifier.probabilities(pixels()));
      for (var answer : threads.invokeAll(asked)) {
        answer.get();
      }
    }
  }

  /** Of three callers two are being answered, the third waits. */
  @Test
  @Timeout(60)
  void closingLetsRunningCallsEndAndRefusesOthers() throws Exception {
    var running = new CountDownLatch(2);
    var go = new CountDownLatch(1);
    var backend = new WatchedBackend(() -> {
      running.countDown();
      go.await();
    }, true);
    var classifier = ImageClassifier.open(model(Head.binary()), backend, new DeviceOptions(1), 2);
    try (var threads = Executors.newCachedThreadPool()) {
      List<Future<float[]>> begun =
          List.of(threads.submit(() -> classifier.probabilities(pixels())),
              threads.submit(() -> classifier.probabilities(List.of(pixels(), pixels())).getFirst()));
      running.await();
      Future<float[]> waiting = threads.submit(() -> classifier.probabilities(pixels()));
      Future<?> closing = threads.submit(classifier::close);
      assertThrows(TimeoutException.class, () -> closing.get(50, TimeUnit.MILLISECONDS), "closed under a call");
      assertEquals(0, backend.closed());
      go.countDown();
      for (Future<float[]> answer : begun) {
        assertEquals(2, answer.get().length);
      }
      closing.get();
      assertEquals(2, backend.closed());
      var refused = assertThrows(ExecutionException.class, waiting::get);
      assertInstanceOf(IllegalStateException.class, refused.getCause());
    }
    var error = assertThrows(IllegalStateException.class, () -> classifier.top(1, pixels()));
    assertEquals("the classifier is closed", error.getMessage());
    classifier.close();
    assertEquals(2, backend.closed());
  }

  @Test
  void callersAreOneAtLeast() {
    var backend = new WatchedBackend(() -> {}, true);
    var error = assertThrows(IllegalArgumentException.class,
        () -> ImageClassifier.open(model(Head.binary()), backend, new DeviceOptions(1), 0));
    assertEquals("callers is 0, but must be at least 1", error.getMessage());
    assertEquals(backend.opened(), backend.closed());
  }

  @Test
  void whatWasOpenedIsClosedIfTheSystemHasNoMoreThreads() {
    var backend = new WatchedBackend(() -> {}, true).withAtMost(3);
    assertThrows(OutOfMemoryError.class,
        () -> ImageClassifier.open(model(Head.binary()), backend, new DeviceOptions(1), 4));
    assertEquals(3, backend.opened());
    assertEquals(3, backend.closed());
  }

  /** Each caller more takes less than a copy of the weights. */
  @Test
  void weightsAreInMemoryOnce() {
    var architecture = MobileNetV2.keras(1.0, 32, 32, new Head.Classifier(10));
    var model = new Model(architecture, InputScaling.MINUS_ONE_TO_ONE, Initializer.weights(architecture.network(), 3),
        Map.of());
    long one = bytesToOpen(model, 1);
    long five = bytesToOpen(model, 5);
    long weights = Float.BYTES * Summary.of(architecture.network()).parameters();
    assertTrue(one > 2 * weights, "weights and packed weights take more than " + one);
    assertTrue(five - one < weights, "four callers more take " + (five - one) + " bytes");
  }

  private static long bytesToOpen(Model model, int callers) {
    var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    try (var _ = ImageClassifier.open(model, Backends.named("cpu"), new DeviceOptions(1), callers)) {
      return thread.getCurrentThreadAllocatedBytes() - before;
    }
  }

  @Test
  void aFileWithoutClassesIsNamed(@TempDir Path folder) {
    var architecture = MobileNetV2.keras(0.35, 32, 33, new Head.Features());
    Path file = folder.resolve("features.safetensors");
    ModelFile.write(file, new Model(architecture, InputScaling.MINUS_ONE_TO_ONE,
        Initializer.weights(architecture.network(), 3), Map.of()));
    var error = assertThrows(ModelFileException.class, () -> ImageClassifier.open(file, new DeviceOptions(1)));
    assertTrue(error.getMessage().startsWith(file + ": the model has no classes"), error.getMessage());
  }
}
