package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.json.Json;
import dev.lentil.metrics.Holm;
import dev.lentil.metrics.RocAuc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RunComparisonTest {
  private static final LesionBootstrap QUICK = new LesionBootstrap(200, 42, 0.95);
  private static final Predictions BINARY = ExamplePredictions.binary();

  private static RunComparison compare(Predictions... models) {
    var named = new ArrayList<RunComparison.Named>();
    for (var model : models) {
      named.add(new RunComparison.Named("run " + (char) ('A' + named.size()), model));
    }
    return RunComparison.of(named, QUICK);
  }

  /** The probabilities made worse for every third image. */
  private static Predictions worse(Predictions predictions) {
    return changed(predictions, row -> Math.floorMod(row.imageId().hashCode(), 3) == 0
        ? ExamplePredictions.with(row, 1 - row.probability())
        : row);
  }

  private static Predictions changed(Predictions predictions, UnaryOperator<Prediction> change) {
    return new Predictions(predictions.task(), predictions.rows().stream().map(change).toList());
  }

  @Test
  void everyTwoAreCompared() {
    var comparison = compare(BINARY, worse(BINARY), ExamplePredictions.binaryOf(ExamplePredictions.sevenClass()));
    var test = BINARY.of(Subset.TEST);
    assertEquals(test.size(), comparison.images());
    assertEquals(List.of("run A", "run B", "run C"), comparison.runs().stream().map(RunComparison.Run::name).toList());
    assertEquals(List.of("run A", "run A", "run B"),
        comparison.pairs().stream().map(RunComparison.Pair::first).toList());
    var pair = comparison.pairs().getFirst();
    var other = worse(test);
    double difference =
        RocAuc.of(test.labels(), test.probabilities()) - RocAuc.of(other.labels(), other.probabilities());
    assertEquals(difference, pair.comparison().aucDifference().estimate(), 1e-15);
    assertEquals(difference, pair.comparison().clusteredDelong().difference(), 1e-15);
    assertTrue(pair.comparison().clusteredDelong().p() < 0.001, pair.toString());
    assertTrue(pair.comparison().mcnemar().onlyFirst() > pair.comparison().mcnemar().onlySecond(), pair.toString());
    assertTrue(pair.comparison().aucDifference().lower() > 0);
    var plain = comparison.pairs().stream().mapToDouble(p -> p.comparison().mcnemar().exactP()).toArray();
    assertEquals(Holm.adjust(plain)[1], comparison.pairs().get(1).adjustedMcnemarP());
    System.out.println(RunComparisonText.of(comparison));
  }

  @Test
  void theSameModelTwiceDoesNotDiffer() {
    var pair = compare(BINARY, BINARY).pairs().getFirst();
    var interval = pair.comparison().aucDifference();
    assertEquals(List.of(0.0, 0.0, 0.0), List.of(interval.estimate(), interval.lower(), interval.upper()));
    assertEquals(1, pair.comparison().delong().p());
    assertEquals(1, pair.adjustedMcnemarP());
  }

  @Test
  void theRowsOrderDoesNotMatter() {
    var reversed = new Predictions(BINARY.task(), BINARY.rows().reversed());
    var pair = compare(BINARY, reversed).pairs().getFirst();
    assertEquals(0, pair.comparison().clusteredDelong().standardError());
    assertEquals(0, pair.comparison().mcnemar().onlyFirst() + pair.comparison().mcnemar().onlySecond());
  }

  @Test
  void otherTestImagesAreRefused() {
    var test = BINARY.of(Subset.TEST).rows();
    var missing = changed(BINARY, row -> row.equals(test.getLast()) ? ExamplePredictions.renamed(row, "other") : row);
    assertRefused("run B was not judged by the same test images as run A: " + test.getLast().imageId()
        + " is not among them", BINARY, missing);
    assertRefused("has another lesion or diagnosis there", BINARY, changed(BINARY, row -> row.equals(test.getLast())
        ? ExamplePredictions.diagnosed(row, Diagnosis.DF)
        : row));
    var withOneMore = new ArrayList<>(BINARY.rows());
    withOneMore.add(ExamplePredictions.one("extra", Diagnosis.MEL, 0.5));
    assertRefused("run B was judged by " + (test.size() + 1) + " test images",
        BINARY, new Predictions(BINARY.task(), withOneMore));
    assertRefused("run B has 0 benign and 0 malignant predictions of test images", BINARY,
        BINARY.of(Subset.VALIDATION));
    assertRefused("at least two runs", BINARY);
  }

  private static void assertRefused(String expected, Predictions... models) {
    var message = assertThrows(IllegalArgumentException.class, () -> compare(models)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  @Test
  void jsonHoldsTheSameNumbers() {
    var comparison = compare(BINARY, worse(BINARY));
    var document = (Map<?, ?>) Json.parse(Json.pretty(RunComparisonText.json(comparison)));
    assertEquals("Research and teaching only. Not a medical device.", document.get("disclaimer"));
    var pair = (Map<?, ?>) ((List<?>) document.get("pairs")).getFirst();
    var expected = comparison.pairs().getFirst();
    assertEquals(expected.comparison().clusteredDelong().p(), ((Map<?, ?>) pair.get("clustered_delong")).get("p"));
    assertEquals(expected.comparison().mcnemar().exactP(), ((Map<?, ?>) pair.get("mcnemar")).get("exact_p"));
    assertEquals(expected.adjustedMcnemarP(), pair.get("holm_mcnemar_p"));
  }
}
