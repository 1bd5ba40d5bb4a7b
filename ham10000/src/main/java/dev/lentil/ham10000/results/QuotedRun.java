package dev.lentil.ham10000.results;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.evaluate.Patient;
import dev.lentil.ham10000.evaluate.Prediction;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.ham10000.train.Measurements;
import dev.lentil.ham10000.train.RunEnvironment;
import dev.lentil.ham10000.train.RunFolder;
import dev.lentil.ham10000.train.Runs;
import dev.lentil.ham10000.train.TrainingConfig;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A finished run, as its own folder holds it and, smaller, the folder of results.
 *
 * @param history the text of {@code history.csv}
 * @param predictions of validation and, where it looked at them, test images
 */
record QuotedRun(Series series, TrainingConfig config, Map<String, String> environment, String history,
    Measurements measurements, Predictions predictions) {
  /** Decimals of the seven classes' probabilities; that of malignancy is kept as it is, since figures hang on its order. */
  private static final int CLASS_DECIMALS = 4;

  /**
   * Reads either folder.
   *
   * @throws UserError if the run is not finished, or {@link Series#of} refuses it
   */
  static QuotedRun read(Path folder) {
    TrainingConfig config = Runs.configOf(folder);
    if (!Runs.isFinished(folder)) {
      throw new UserError(folder + ": the run is not finished; continue it with '" + Runs.resuming(folder) + "'");
    }
    return new QuotedRun(Series.of(folder, config), config, RunEnvironment.read(RunFolder.environment(folder)),
        RunFolder.read(RunFolder.history(folder)), Measurements.read(folder), PredictionsFile.readIn(folder));
  }

  /** What it is called: {@code best/seed-1}. */
  String name() {
    return series.run(config.seed());
  }

  /** Whether it looked at the test images. */
  boolean tested() {
    return predictions.of(Subset.TEST).size() > 0;
  }

  /** Whether another is of the same training, which no two are to the last second. */
  boolean sameTraining(QuotedRun other) {
    return name().equals(other.name()) && history.equals(other.history);
  }

  /**
   * The configuration without the paths of the machine that it was used on: a reader puts in their own.
   *
   * @param run the run's folder
   */
  static TrainingConfig withoutPaths(Path run) {
    TrainingConfig config = Runs.configOf(run);
    return TrainingConfig.of(List.of(RunFolder.config(run)),
        List.of("data=HAM10000", "cache=.lentil/cache", "weights=" + config.weights().getFileName()));
  }

  /** The predictions without what the figures of the page do not need: fewer bytes, and nothing of patients. */
  static Predictions small(Predictions predictions) {
    return new Predictions(predictions.task(), predictions.rows().stream()
        .filter(row -> row.subset() != Subset.TRAIN)
        .map(row -> new Prediction(row.imageId(), row.lesionId(), row.diagnosis(), Patient.UNKNOWN, row.subset(),
            row.probability(), row.classProbabilities().stream().map(QuotedRun::rounded).toList()))
        .toList());
  }

  private static double rounded(double probability) {
    return BigDecimal.valueOf(probability).setScale(CLASS_DECIMALS, RoundingMode.HALF_EVEN).doubleValue();
  }

  /** The predictions of malignancy alone, which those of every task have. */
  static Predictions malignancy(Predictions predictions) {
    return new Predictions(Task.BINARY, predictions.rows().stream().map(row -> new Prediction(row.imageId(),
        row.lesionId(), row.diagnosis(), row.patient(), row.subset(), row.probability(), List.of())).toList());
  }
}
