package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.ham10000.data.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people read, whole, of made-up predictions: nothing may go missing or change its place unnoticed. */
class EvaluationTextTest {
  private static final LesionBootstrap QUICK = new LesionBootstrap(200, 42, 0.95);
  private static final Predictions BINARY = ExamplePredictions.binary();

  private static String expected(String name) throws IOException {
    try (var text = EvaluationTextTest.class.getResourceAsStream(name)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Predictions flipped(int every) {
    return new Predictions(BINARY.task(), BINARY.rows().stream()
        .map(row -> row.imageId().chars().sum() % every == 0
            ? ExamplePredictions.with(row, 1 - row.probability())
            : row)
        .toList());
  }

  @Test
  void anEvaluationBesideABaseline() throws IOException {
    Split split = ExamplePredictions.split();
    var evaluation =
        Evaluation.of(BINARY, List.of(new Baseline("age, sex, site", MetadataBaseline.predict(split))),
            new EvaluationOptions(QUICK, 0.866, 10));
    assertEquals(expected("evaluation.txt"), EvaluationText.of(evaluation));
  }

  @Test
  void threeRunsAndTwo() throws IOException {
    var named = List.of(new RunComparison.Named("first", BINARY), new RunComparison.Named("second", flipped(5)),
        new RunComparison.Named("a third", flipped(7)));
    assertEquals(expected("three-runs.txt"), RunComparisonText.of(RunComparison.of(named, QUICK)));
    assertEquals(expected("two-runs.txt"), RunComparisonText.of(RunComparison.of(named.subList(0, 2), QUICK)));
  }
}
