package dev.lentil.ham10000.train;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.Baseline;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.EvaluationJson;
import dev.lentil.ham10000.evaluate.EvaluationOptions;
import dev.lentil.ham10000.evaluate.EvaluationText;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.evaluate.ValidationResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How good a run is.
 *
 * @param evaluation absent where the test images were not looked at
 */
public record RunResult(ValidationResult validation, Optional<Evaluation> evaluation) {
  /** @param baselines of the same test images; empty where the data to fit them are not at hand */
  public static RunResult of(Predictions predictions, List<Baseline> baselines, EvaluationOptions options) {
    boolean tested = predictions.of(Subset.TEST).size() > 0;
    return new RunResult(ValidationResult.of(predictions),
        tested ? Optional.of(Evaluation.of(predictions, baselines, options)) : Optional.empty());
  }

  /** The document that {@code --json} prints and {@code evaluation.json} holds. */
  public Map<String, Object> json() {
    return evaluation.map(EvaluationJson::of).orElseGet(() -> EvaluationJson.of(validation));
  }

  /** The same for people. */
  public String text() {
    return evaluation.map(EvaluationText::of).orElseGet(() -> EvaluationText.of(validation));
  }
}
