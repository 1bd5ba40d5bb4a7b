package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.nn.Initializer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageClassifierTest {
  private static ImageClassifier open(Head head) {
    var architecture = MobileNetV2.keras(0.35, 32, 33, head);
    var model = new Model(architecture, InputScaling.MINUS_ONE_TO_ONE, Initializer.weights(architecture.network(), 3),
        Map.of());
    return ImageClassifier.open(model, Backends.named("reference"), new DeviceOptions(1));
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

  /** Before they waited for one another, nearly every answer was another thread's. */
  @Test
  void threadsMayShareIt() throws Exception {
    try (var classifier = open(new Head.Classifier(10)); var threads = Executors.newFixedThreadPool(8)) {
      List<float[]> alone = IntStream.range(0, 8).mapToObj(i -> classifier.probabilities(pixels(i))).toList();
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
