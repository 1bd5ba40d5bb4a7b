package dev.lentil.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Batch;
import dev.lentil.backend.RunState;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradCamTest {
  /** CAM: the dense layer's weights over the last activation, each divided by the number of places. */
  @ParameterizedTest
  @CsvSource({"reference, 1, 1e-15", "reference, 4, 1e-15", "cpu, 1, 1e-6", "cpu, 4, 1e-6"})
  void atTheLastActivationItIsTheClassActivationMap(String backend, int classes, double limit) {
    double worst = 0;
    try (var small = SmallClassifier.of(backend, classes);
        var gradCam = GradCam.open(small.device(), small.bank(), "last_relu")) {
      for (int k = 0; k < classes; k++) {
        var factors = new double[classes];
        factors[k] = 1;
        HeatMap map = gradCam.of(small.image(), factors);
        HeatMap cam = classActivationMap(small, k);
        assertEquals(cam.height(), map.height());
        assertEquals(cam.width(), map.width());
        double size = Math.max(cam.largest(), -cam.smallest());
        for (int i = 0; i < cam.values().length; i++) {
          worst = Math.max(worst, Math.abs(map.values()[i] - cam.values()[i]) / size);
        }
      }
    }
    System.out.printf("Grad-CAM at the last activation against CAM, %s, %d classes: worst error %.1e of the largest%n",
        backend, classes, worst);
    assertTrue(worst <= limit, "worst error " + worst);
  }

  private static HeatMap classActivationMap(SmallClassifier small, int k) {
    Tensor dense = small.weights().get("predictions/kernel");
    int classes = dense.shape().extent(1);
    int channels = dense.shape().extent(0);
    var maps =
        FeatureMaps.of(small.device(), small.bank(), small.image(), "last_relu", channels);
    int places = maps.getFirst().values().length;
    var cam = new double[places];
    for (int i = 0; i < places; i++) {
      for (int c = 0; c < channels; c++) {
        cam[i] += dense.get(c * classes + k) / places * maps.get(c).values()[i];
      }
    }
    return new HeatMap(maps.getFirst().height(), maps.getFirst().width(), cam);
  }

  /** The gradient of a logit is what the logit changes by, in every layer down to the image, and dropout is off. */
  @ParameterizedTest
  @CsvSource({"1", "4"})
  void theGradientIsTheLogitsSlope(int classes) {
    double step = 1e-6;
    double worst = 0;
    try (var small = SmallClassifier.of("reference", classes)) {
      var network = small.network();
      var plan = Planner.explanation(network, 1, Set.of(), Set.of("input"));
      var infer = Planner.inference(network, 1, Set.of(), Set.of("predictions"));
      var shape = network.shape("input").batched(1);
      var factors = new double[classes];
      factors[classes - 1] = 1;
      try (var explanation = small.device().compile(plan, small.bank());
          var inference = small.device().compile(infer, small.bank())) {
        double[] image = small.image().doubles();
        explanation.run(new Batch(Tensor.of(shape, image), Tensor.of(network.shape("predictions").batched(1), factors),
            Tensor.of(Shape.of(1), 1.0)), RunState.inference());
        double[] gradient = explanation.read(Planner.gradientOf("input")).doubles();
        double logit = explanation.loss();
        double largest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < image.length; i += 7) {
          double[] z = new double[2];
          for (int side = 0; side < 2; side++) {
            double[] moved = image.clone();
            moved[i] += side == 0 ? -step : step;
            inference.run(Batch.of(Tensor.of(shape, moved)), RunState.inference());
            z[side] = inference.read("predictions").get(classes - 1);
          }
          worst = Math.max(worst, Math.abs((z[1] - z[0]) / (2 * step) - gradient[i]) / largest);
        }
        inference.run(Batch.of(Tensor.of(shape, image)), RunState.inference());
        assertEquals(inference.read("predictions").get(classes - 1), logit, 1e-12);
      }
    }
    System.out.printf("gradient of a logit against its differences, %d classes: worst error %.1e of the largest%n",
        classes, worst);
    assertTrue(worst < 1e-7, "worst error " + worst);
  }

  /** Where a convolution makes the logits of each pixel, those of one pixel have its weights. */
  @ParameterizedTest
  @CsvSource({"reference, 1e-15", "cpu, 1e-6"})
  void ofOnePixelsLogit(String backend, double limit) {
    try (var small = SmallClassifier.ofPixels(backend);
        var gradCam = GradCam.open(small.device(), small.bank(), "features_relu")) {
      var factors = new double[6 * 5 * 2];
      factors[(4 * 5 + 3) * 2 + 1] = 1;
      double[] map = gradCam.of(small.image(), factors).values();
      Tensor kernel = small.weights().get("logits/kernel");
      List<HeatMap> features = FeatureMaps.of(small.device(), small.bank(), small.image(), "features_relu", 4);
      for (int i = 0; i < map.length; i++) {
        double expected = 0;
        for (int c = 0; c < 4; c++) {
          expected += kernel.get(c * 2 + 1) / map.length * features.get(c).values()[i];
        }
        assertEquals(expected, map[i], limit);
      }
    }
  }

  @Test
  void everyLayerWithPlacesHasAMapAndOthersAreRefused() {
    try (var small = SmallClassifier.of("cpu", 1)) {
      for (String layer : new String[] {"stem", "stem_BN", "stem_relu", "block_1_expand_BN", "block_1_add",
          "block_2_depthwise_relu", "last"}) {
        try (var gradCam = GradCam.open(small.device(), small.bank(), layer)) {
          HeatMap map = gradCam.of(small.image(), 1);
          assertEquals(small.network().shape(layer).extent(0), map.height());
          assertTrue(map.largest() > map.smallest(), layer);
        }
      }
      var error =
          assertThrows(IllegalArgumentException.class, () -> GradCam.open(small.device(), small.bank(), "pool"));
      assertTrue(error.getMessage().contains("'pool' has no places"), error::getMessage);
      assertThrows(IllegalArgumentException.class, () -> GradCam.open(small.device(), small.bank(), "nowhere"));
    }
  }
}
