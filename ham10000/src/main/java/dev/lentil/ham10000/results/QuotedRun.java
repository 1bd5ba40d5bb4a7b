package dev.lentil.ham10000.results;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.train.Measurements;
import dev.lentil.ham10000.train.RunEnvironment;
import dev.lentil.ham10000.train.RunFolder;
import dev.lentil.ham10000.train.Runs;
import dev.lentil.ham10000.train.TrainingConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A finished run, as its own folder holds it and, smaller, the folder of results.
 *
 * @param history the text of {@code history.csv}
 * @param predictions of validation and, where it looked at them, test images, as they are kept
 */
record QuotedRun(Series series, TrainingConfig config, Map<String, String> environment, String history,
    Measurements measurements, Predictions predictions) {
  /**
   * Reads either folder.
   *
   * @param metadata of the data set that the run was trained on
   * @throws UserError if the run is not finished, {@link Series#of} refuses it, or its images are not those of the metadata
   */
  static QuotedRun read(Path folder, Metadata metadata) {
    TrainingConfig config = Runs.configOf(folder);
    Runs.requireFinished(folder);
    return new QuotedRun(Series.of(folder, config), config, RunEnvironment.read(RunFolder.environment(folder)),
        RunFolder.read(RunFolder.history(folder)), Measurements.read(folder),
        QuotedPredictions.readIn(folder, config, metadata));
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
}
