package dev.lentil.ham10000.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Every subcommand, in the order in which the help lists them. */
final class Commands {
  /** By the name in its {@code @Command}. New instances each time, since picocli stores what it parsed in them. */
  private static final Map<String, Supplier<Callable<Integer>>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("demo", DemoCommand::new);
    ALL.put("verify", VerifyCommand::new);
    ALL.put("split", SplitCommand::new);
    ALL.put("prepare", PrepareCommand::new);
    ALL.put("train", TrainCommand::new);
    ALL.put("repeat", RepeatCommand::new);
    ALL.put("ablate", AblateCommand::new);
    ALL.put("evaluate", EvaluateCommand::new);
    ALL.put("compare", CompareCommand::new);
    ALL.put("ensemble", EnsembleCommand::new);
    ALL.put("results", ResultsCommand::new);
    ALL.put("predict", PredictCommand::new);
    ALL.put("selftest", SelfTestCommand::new);
    ALL.put("gradcheck", GradCheckCommand::new);
    ALL.put("classify", ClassifyCommand::new);
    ALL.put("explain", ExplainCommand::new);
    ALL.put("download", DownloadCommand::new);
    ALL.put("inspect", InspectCommand::new);
    ALL.put("import", ImportCommand::new);
    ALL.put("export", ExportCommand::new);
    ALL.put("diff", DiffCommand::new);
    ALL.put("summary", SummaryCommand::new);
    ALL.put("doctor", DoctorCommand::new);
  }

  private Commands() {}

  /** All of them. */
  static List<Callable<Integer>> all() {
    return ALL.values().stream().<Callable<Integer>>map(Supplier::get).toList();
  }

  /**
   * What a command line may need: the command that it starts with, alone, or else all of them. Each one that is made ready costs some
   * milliseconds of every start.
   */
  static List<Callable<Integer>> neededFor(String... args) {
    return args.length > 0 && ALL.containsKey(args[0]) ? List.of(ALL.get(args[0]).get()) : all();
  }
}
