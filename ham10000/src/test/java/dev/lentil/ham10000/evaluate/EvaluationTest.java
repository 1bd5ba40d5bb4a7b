package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.json.Json;
import dev.lentil.metrics.ConfusionMatrix;
import dev.lentil.metrics.RocAuc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final EvaluationOptions QUICK =
      new EvaluationOptions(new LesionBootstrap(200, 42, 0.95), 0.9, 10);

  @Test
  void thresholdsComeFromValidationAndTheOptimisticOneSaysSo() {
    var predictions = ExamplePredictions.binary();
    var evaluation = Evaluation.of(predictions, List.of(), QUICK);
    var validation = ThresholdSweep.atEveryScore(predictions.of(Subset.VALIDATION));
    var test = predictions.of(Subset.TEST);

    var primary = evaluation.primary();
    assertEquals(validation.maximumAccuracy().threshold(), primary.threshold());
    assertEquals(ConfusionMatrix.atThreshold(test.labels(), test.probabilities(), primary.threshold()),
        primary.matrix());
    assertFalse(primary.optimistic());

    var paper = evaluation.operatingPoints().getLast();
    assertEquals(ThresholdSweep.onGrid(test).maximumAccuracy().threshold(), paper.threshold());
    assertEquals("highest accuracy (optimistic: threshold chosen on the test set)", paper.title());
    assertEquals(1, evaluation.operatingPoints().stream().filter(Evaluation.OperatingPoint::optimistic).count());
    assertEquals(
        List.of(validation.maximumAccuracy().threshold(), 0.5, validation.maximumYouden().threshold(),
            validation.maximumF1().threshold(),
            validation.atSensitivity(0.9).threshold(), validation.minimumCost(10).threshold()),
        evaluation.operatingPoints().stream().limit(6).map(Evaluation.OperatingPoint::threshold).toList());
  }

  @Test
  void subsetsAndDiagnosesAddUp() {
    var evaluation = Evaluation.of(ExamplePredictions.binary(), List.of(), QUICK);
    assertEquals(3, evaluation.subsets().size());
    var test = evaluation.test();
    assertEquals(Subset.TEST, test.subset());
    assertEquals(test.images(), test.benign() + test.malignant());
    assertEquals(test.images(), 2 * test.lesions());
    assertEquals(test.images(), evaluation.diagnoses().stream().mapToInt(Evaluation.DiagnosisResult::images).sum());
    var matrix = evaluation.primary().matrix();
    assertEquals(matrix.predicted(1),
        evaluation.diagnoses().stream().mapToInt(Evaluation.DiagnosisResult::calledMalignant).sum());
    long right = evaluation.diagnoses().stream()
        .filter(
            d -> d.diagnosis() == Diagnosis.MEL || d.diagnosis() == Diagnosis.BCC || d.diagnosis() == Diagnosis.AKIEC)
        .mapToLong(d -> Math.round(d.recall() * d.images())).sum();
    assertEquals(matrix.count(1, 1), right);
    assertEquals(test.auc().estimate(), evaluation.roc().area(), 1e-12);
  }

  @Test
  void trainingPredictionsAreOptional() {
    var predictions = ExamplePredictions.binary();
    var withoutTraining = new Predictions(
        predictions.task(), predictions.rows().stream().filter(row -> row.subset() != Subset.TRAIN).toList());
    assertEquals(2, Evaluation.of(withoutTraining, List.of(), QUICK).subsets().size());
    var message = assertThrows(
        IllegalArgumentException.class, () -> Evaluation.of(predictions.of(Subset.TEST), List.of(), QUICK))
        .getMessage();
    assertTrue(message.contains("benign and malignant validation images; there are 0 and 0"), message);
  }

  @Test
  void sevenClasses() {
    var predictions = ExamplePredictions.sevenClass();
    var test = predictions.of(Subset.TEST);
    var result = Evaluation.of(predictions, List.of(), QUICK).sevenClass().orElseThrow();
    assertEquals(7, result.matrix().classes());
    assertEquals(test.size(), result.matrix().total());
    assertEquals(RocAuc.macroOneVersusRest(test.diagnoses(), test.classProbabilities()), result.macroAuc());
    var row = test.rows().getFirst();
    assertEquals(
        row.classProbabilities().get(Diagnosis.AKIEC.ordinal()) + row.classProbabilities().get(Diagnosis.BCC.ordinal())
            + row.classProbabilities().get(Diagnosis.MEL.ordinal()),
        row.probability(), 1e-15);
    assertTrue(result.matrix().accuracy() > 0.5 && result.matrix().accuracy() < 1);
  }

  @Test
  void fixedRatesComeFromValidation() {
    var predictions = ExamplePredictions.binary();
    var evaluation = Evaluation.of(predictions, List.of(), QUICK);
    var validation = ThresholdSweep.atEveryScore(predictions.of(Subset.VALIDATION));
    assertEquals(6, evaluation.fixedRates().size());
    for (var rate : evaluation.fixedRates()) {
      boolean specificity = rate.held() == FixedRate.Rate.SPECIFICITY;
      assertEquals((specificity ? validation.atSpecificity(rate.target()) : validation.atSensitivity(rate.target()))
          .threshold(), rate.point().threshold());
      assertFalse(rate.point().optimistic());
      // the best that any threshold does on test itself, by going through all of them
      double best = ThresholdSweep.atEveryScore(predictions.of(Subset.TEST)).points().stream()
          .filter(p -> (specificity ? p.specificity() : p.recall()) >= rate.target())
          .mapToDouble(p -> specificity ? p.recall() : p.specificity()).max().orElseThrow();
      assertEquals(best, rate.onTestRoc(), 1e-12);
    }
  }

  @Test
  void baselinesAreComparedOnTheSameImages() {
    var predictions = ExamplePredictions.binary();
    var baseline = MetadataBaseline.predict(ExamplePredictions.split());
    var result = Evaluation.of(predictions, List.of(new Baseline("metadata", baseline)), QUICK).baselines().getFirst();
    var test = baseline.of(Subset.TEST);
    assertEquals(RocAuc.of(test.labels(), test.probabilities()), result.auc().estimate());
    assertTrue(result.comparison().aucDifference().lower() > 0, result.toString());
    var other = new Baseline("other", new Predictions(baseline.task(), baseline.rows().reversed()));
    var message = assertThrows(IllegalArgumentException.class,
        () -> Evaluation.of(predictions, List.of(other), QUICK)).getMessage();
    assertTrue(message.contains("'other' was not judged by the network's test images"), message);
  }

  @Test
  void fewImagesAreJudgedAsFarAsTheyCan() {
    var rows = new ArrayList<Prediction>();
    for (var subset : List.of(Subset.VALIDATION, Subset.TEST)) {
      for (var diagnosis : List.of(Diagnosis.MEL, Diagnosis.NV, Diagnosis.DF)) {
        rows.add(
            new Prediction(subset + diagnosis.code(), subset + diagnosis.code(), diagnosis, Patient.UNKNOWN, subset,
                diagnosis == Diagnosis.MEL ? 0.7 : 0.4, List.of()));
      }
    }
    var evaluation = Evaluation.of(new Predictions(Task.BINARY, rows), List.of(), QUICK);
    assertTrue(Double.isNaN(evaluation.summary().delongAuc().lower()));
    assertTrue(evaluation.calibration().platt().isEmpty());
    assertTrue(evaluation.subgroups().stream().allMatch(Subgroup::small));
    assertFalse(EvaluationText.of(evaluation).contains("NaN"), EvaluationText.of(evaluation));
    assertTrue(Json.pretty(EvaluationJson.of(evaluation)).contains("\"line\": null"));
  }

  @Test
  void jsonHoldsTheSameNumbers() {
    for (var predictions : List.of(ExamplePredictions.binary(), ExamplePredictions.sevenClass())) {
      var evaluation = Evaluation.of(predictions, List.of(), QUICK);
      var document = (Map<?, ?>) Json.parse(Json.pretty(EvaluationJson.of(evaluation)));
      assertEquals("Research and teaching only. Not a medical device.", document.get("disclaimer"));
      var subsets = (List<?>) document.get("subsets");
      var test = (Map<?, ?>) subsets.getLast();
      assertEquals("test", test.get("subset"));
      assertEquals(evaluation.test().auc().estimate(), ((Map<?, ?>) test.get("auc")).get("estimate"));
      var points = (List<?>) document.get("operating_points");
      var last = (Map<?, ?>) points.getLast();
      assertEquals(true, last.get("optimistic"));
      assertEquals("optimistic: threshold chosen on the test set", last.get("remark"));
      assertEquals(evaluation.operatingPoints().getLast().matrix().accuracy(), last.get("accuracy"));
      assertEquals(101, ((List<?>) document.get("test_sweep")).size());
      var single = (Map<?, ?>) document.get("test");
      assertEquals(evaluation.summary().matthews().estimate(), ((Map<?, ?>) single.get("matthews")).get("estimate"));
      var calibration = (Map<?, ?>) document.get("calibration");
      assertEquals(evaluation.calibration().temperature().temperature(),
          ((Map<?, ?>) calibration.get("temperature")).get("temperature"));
      var gallery = (Map<?, ?>) document.get("gallery");
      var alarm = (Map<?, ?>) ((List<?>) gallery.get("false_alarms")).getFirst();
      assertEquals(evaluation.gallery().falseAlarms().getFirst().imageId(), alarm.get("image_id"));
      assertEquals(evaluation.gallery().falseAlarms().getFirst().diagnosis().code(), alarm.get("diagnosis"));
      assertEquals(evaluation.subgroups().size(), ((List<?>) document.get("subgroups")).size());
      assertEquals(evaluation.sevenClass().isPresent(), document.containsKey("seven_class"));
    }
  }

  @Test
  void textShowsWhatAPersonNeeds() {
    var evaluation = Evaluation.of(ExamplePredictions.sevenClass(), List.of(), QUICK);
    var text = EvaluationText.of(evaluation);
    System.out.println(text);
    assertTrue(text.contains("(optimistic: threshold chosen on the test set)"));
    assertTrue(text.contains("always benign"));
    assertTrue(text.contains("weighted avg"));
    assertTrue(text.contains(EvaluationText.interval(evaluation.test().auc())));
    assertTrue(text.contains("Seven diagnoses"));
  }
}
