package dev.lentil.ham10000.cli;

import java.util.List;
import java.util.concurrent.Callable;

/** Every subcommand, in the order in which the help lists them. */
final class Commands {
  private Commands() {}

  /** New instances, since picocli stores what it parsed in them. */
  static List<Callable<Integer>> all() {
    return List.of(
        new DemoCommand(),
        new VerifyCommand(),
        new SplitCommand(),
        new PrepareCommand(),
        new TrainCommand(),
        new RepeatCommand(),
        new AblateCommand(),
        new EvaluateCommand(),
        new CompareCommand(),
        new EnsembleCommand(),
        new PredictCommand(),
        new SelfTestCommand(),
        new GradCheckCommand(),
        new ClassifyCommand(),
        new ExplainCommand(),
        new DownloadCommand(),
        new InspectCommand(),
        new ImportCommand(),
        new ExportCommand(),
        new DiffCommand(),
        new SummaryCommand(),
        new DoctorCommand());
  }
}
