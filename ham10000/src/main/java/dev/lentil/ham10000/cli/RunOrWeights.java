package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Runs;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a network comes from: an {@code @ArgGroup(multiplicity = "1")} for every command that takes one of a run or of a file. */
final class RunOrWeights {
  @Option(names = "--run", paramLabel = "FOLDER",
      description = "The folder of a run, whose final weights are used.")
  private Path run;

  @Option(names = "--weights", paramLabel = "FILE",
      description = "Instead of --run, a weight file, such as best.safetensors of a run.")
  private Path weights;

  /**
   * The weight file.
   *
   * @throws dev.lentil.ham10000.UserError if the run has none yet, or the file is a run's folder
   */
  Path file() {
    // picocli leaves the option of the group that was not given unset
    if (run != null) {
      return Runs.weights(run);
    }
    Runs.refuseAsWeights(weights);
    return weights;
  }
}
