package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.explain.HeatMap;
import dev.lentil.explain.Patches;
import dev.lentil.nn.Initializer;
import dev.lentil.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageExplainerTest {
  private static final float[] GREY = {128, 128, 128};

  private static ImageExplainer open(Head head, int height, int width, String backend) {
    return ImageExplainer.open(model(head, height, width), Backends.named(backend), new DeviceOptions(2));
  }

  private static Model model(Head head, int height, int width) {
    var architecture = MobileNetV2.keras(0.35, height, width, head);
    return new Model(architecture, InputScaling.MINUS_ONE_TO_ONE, Initializer.weights(architecture.network(), 3),
        Map.of());
  }

  private static float[] image(int height, int width) {
    float[] rgb = new float[height * width * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (float) (127 + 100 * Math.sin(0.01 * i * (1 + i % 3)));
    }
    return rgb;
  }

  @Test
  void nothingIsExplainedAfterItIsClosed() {
    ImageExplainer explainer = open(new Head.Classifier(3), 32, 32, "cpu");
    float[] rgb = image(32, 32);
    explainer.logits(rgb);
    explainer.close();
    explainer.close();
    for (Executable use : List.<Executable>of(() -> explainer.logits(rgb),
        () -> explainer.gradCam(rgb, Answer.of(1), MobileNetV2.LAST_ACTIVATION),
        () -> explainer.occlusion(rgb, Answer.of(1), new Patches(32, 32), GREY),
        () -> explainer.features(rgb, MobileNetV2.LAST_ACTIVATION, 1),
        () -> explainer.strongestPath(rgb, Answer.of(1)))) {
      assertEquals("the explainer is closed", assertThrows(IllegalStateException.class, use).getMessage());
    }
  }

  /** Dropout, global average pooling, dense: at 224x224 the dense weights divided by 7 x 7 = 49. */
  @ParameterizedTest
  @CsvSource({"224, 224, 49, 1, cpu, 1e-6", "224, 224, 49, 7, cpu, 1e-6", "96, 130, 15, 1, cpu, 1e-6",
      "64, 64, 4, 1, reference, 1e-14"})
  void gradCamOfTheLastActivationIsTheClassActivationMap(int height, int width, int places, int outputs,
      String backend, double limit) {
    float[] rgb = image(height, width);
    double worst = 0;
    try (var explainer = open(new Head.Transfer(outputs, 0.3), height, width, backend)) {
      int classes = Math.max(2, outputs);
      List<HeatMap> features = explainer.features(rgb, MobileNetV2.LAST_ACTIVATION, Integer.MAX_VALUE);
      assertEquals(places, features.getFirst().values().length);
      Tensor dense = explainer.model().weights().get("predictions/kernel");
      for (int k = 0; k < classes; k++) {
        HeatMap map = explainer.gradCam(rgb, Answer.of(k), MobileNetV2.LAST_ACTIVATION);
        double size = Math.max(map.largest(), -map.smallest());
        for (int place = 0; place < places; place++) {
          double cam = 0;
          for (int c = 0; c < features.size(); c++) {
            double weight = outputs == 1 ? (k == 1 ? 1 : -1) * dense.get(c) : dense.get(c * outputs + k);
            cam += weight / places * features.get(c).values()[place];
          }
          worst = Math.max(worst, Math.abs(map.values()[place] - cam) / size);
        }
      }
    }
    System.out.printf("Grad-CAM at out_relu against CAM, %dx%d, %d outputs, %s: worst error %.1e of the largest%n",
        height, width, outputs, backend, worst);
    assertTrue(worst <= limit, "worst error " + worst);
  }

  @ParameterizedTest
  @CsvSource({"224, 224, out_relu", "150, 200, out_relu", "128, 128, out_relu", "96, 96, block_12_add",
      "48, 48, block_5_add", "8, 8, out_relu"})
  void aCoarseLastActivationIsPassedOver(int height, int width, String layer) {
    assertEquals(layer,
        ImageExplainer.layerToShow(MobileNetV2.keras(0.35, height, width, Head.binary()).network()));
  }

  @Test
  void theTwoClassesOfOneOutputAreOpposites() {
    float[] rgb = image(64, 48);
    try (var explainer = open(Head.binary(), 64, 48, "cpu")) {
      var patches = new Patches(16, 8);
      HeatMap benign = explainer.occlusion(rgb, Answer.of(0), patches, GREY);
      HeatMap malignant = explainer.occlusion(rgb, Answer.of(1), patches, GREY);
      assertEquals(64, benign.height());
      assertEquals(48, benign.width());
      assertEquals(-benign.largest(), malignant.smallest());
      assertEquals(-explainer.gradCam(rgb, Answer.of(0), "block_5_add").largest(),
          explainer.gradCam(rgb, Answer.of(1), "block_5_add").smallest(), 1e-9);
    }
  }

  @Test
  void severalClassesTogetherAreOneAnswer() {
    float[] rgb = image(64, 64);
    try (var explainer = open(new Head.Transfer(7, 0.3), 64, 64, "cpu")) {
      assertEquals(7, explainer.logits(rgb).length);
      HeatMap map = explainer.gradCam(rgb, new Answer(Set.of(0, 1, 4)), MobileNetV2.LAST_ACTIVATION);
      assertTrue(map.largest() > map.smallest());
      assertThrows(IllegalArgumentException.class,
          () -> explainer.gradCam(rgb, Answer.of(0), "global_average_pooling2d"));
      assertThrows(IllegalArgumentException.class, () -> explainer.features(new float[3], "Conv1", 1));
      rgb[5] = Float.NaN;
      var error = assertThrows(IllegalArgumentException.class, () -> explainer.logits(rgb));
      assertEquals("value 5 of the image is NaN; give numbers of 0 to 255", error.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> open(new Head.Features(), 64, 64, "cpu"));
  }

  @Test
  void theDeviceIsClosedIfThereIsNoMemoryForTheWeights() {
    var backend = new WatchedBackend(() -> {}, false).withoutMemory();
    assertThrows(OutOfMemoryError.class,
        () -> ImageExplainer.open(model(Head.binary(), 32, 32), backend, new DeviceOptions(1)));
    assertEquals(1, backend.opened());
    assertEquals(1, backend.closed());
  }
}
