package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.metrics.RocAuc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class LesionBootstrapTest {
  @Test
  void surroundsTheEstimateAndRepeats() throws Exception {
    var test = ExamplePredictions.binary().of(Subset.TEST);
    var interval = LesionBootstrap.DEFAULT.auc(test);
    System.out.println("bootstrap of " + test.size() + " images: " + interval);
    assertEquals(RocAuc.of(test.labels(), test.probabilities()), interval.estimate());
    assertTrue(interval.lower() < interval.estimate() && interval.estimate() < interval.upper());
    assertTrue(interval.method().endsWith(" 2000 resamples"), interval.method());
    assertEquals(interval, LesionBootstrap.DEFAULT.auc(test));
    try (var oneThread = new ForkJoinPool(1)) {
      assertEquals(interval, oneThread.submit(() -> LesionBootstrap.DEFAULT.auc(test)).get());
    }
    assertNotEquals(interval, new LesionBootstrap(2000, 43, 0.95).auc(test));
  }

  /** Ten copies of an image are no new evidence: by lesion the interval stays, by image it would shrink. */
  @Test
  void copiesOfALesionsImageAddNothing() {
    var test = ExamplePredictions.binary().of(Subset.TEST);
    var once = new ArrayList<Prediction>();
    var tenTimes = new ArrayList<Prediction>();
    for (var row : test.rows()) {
      for (int copy = 0; copy < 10; copy++) {
        var image = new Prediction(
            row.imageId() + "_" + copy, row.lesionId(), row.diagnosis(), row.patient(), row.subset(), row.probability(),
            List.of());
        tenTimes.add(image);
        if (copy == 0) {
          once.add(image);
        }
      }
    }
    var bootstrap = new LesionBootstrap(300, 1, 0.95);
    var narrow = bootstrap.auc(new Predictions(Task.BINARY, once));
    var same = bootstrap.auc(new Predictions(Task.BINARY, tenTimes));
    assertEquals(narrow.lower(), same.lower(), 1e-12);
    assertEquals(narrow.upper(), same.upper(), 1e-12);
  }

  @Test
  void resamplesWithoutAClassAreLeftOut() {
    var few = ExamplePredictions.test(new int[] {0, 1, 1}, new double[] {0.2, 0.1, 0.7});
    var method = new LesionBootstrap(1000, 42, 0.95).auc(few).method();
    int kept = Integer.parseInt(method.replaceAll("\\D", ""));
    // P(both classes) = 1 - (1/3)^3 - (2/3)^3 = 2/3
    assertEquals(667, kept, 60);
  }

  @Test
  void needsBothClasses() {
    var message = assertThrows(IllegalArgumentException.class, () -> LesionBootstrap.DEFAULT.auc(
        new Predictions(Task.BINARY, List.of(ExamplePredictions.one("I", Diagnosis.NV, 0.3))))).getMessage();
    assertTrue(message.contains("needs both benign and malignant"), message);
    assertThrows(IllegalArgumentException.class, () -> new LesionBootstrap(0, 1, 0.95));
  }
}
