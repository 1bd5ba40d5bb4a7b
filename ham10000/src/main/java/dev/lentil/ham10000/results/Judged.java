package dev.lentil.ham10000.results;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.EvaluationOptions;
import dev.lentil.ham10000.evaluate.LesionBootstrap;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.train.RunResult;
import dev.lentil.metrics.Interval;
import java.util.List;

/** Predictions of malignancy and all that is to be said of them. */
record Judged(String name, Predictions predictions, RunResult result) {
  /** One resample alone may, of few lesions, hold a single class. */
  private static final int FEW = 20;

  private static final EvaluationOptions VALUES_ALONE = new EvaluationOptions(new LesionBootstrap(FEW, 0,
      LesionBootstrap.DEFAULT.level()), EvaluationOptions.DEFAULT.targetSensitivity(),
      EvaluationOptions.DEFAULT.falseNegativeCost());

  static Judged of(String name, Predictions predictions) {
    return of(name, predictions, EvaluationOptions.DEFAULT);
  }

  /** One seed of several: only the values of its figures on test are used, since a bootstrap of each would take long. */
  static Judged ofSeed(String name, Predictions predictions) {
    return of(name, predictions, VALUES_ALONE);
  }

  private static Judged of(String name, Predictions predictions, EvaluationOptions options) {
    Predictions malignancy = QuotedPredictions.malignancy(predictions);
    return new Judged(name, malignancy, RunResult.of(malignancy, List.of(), options));
  }

  /** The AUC on test, with its interval for a seed as well. */
  Interval testAuc() {
    return LesionBootstrap.DEFAULT.auc(predictions.of(Subset.TEST));
  }

  boolean tested() {
    return result.evaluation().isPresent();
  }

  /** On the test images. */
  Evaluation test() {
    return result.evaluation().orElseThrow();
  }
}
