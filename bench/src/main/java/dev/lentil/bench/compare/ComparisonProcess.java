package dev.lentil.bench.compare;

import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Cases measured in a process of their own. One that is measured thoroughly has a process for itself, so that it does not find
 * the machine code, the threads or the memory that another one left behind.
 */
public final class ComparisonProcess {
  private static final String SEPARATOR = ",";

  private ComparisonProcess() {}

  /**
   * Measures cases one after the other in one process.
   *
   * @param model file of the model, with the resolution in its metadata
   * @return in the same order
   * @throws dev.lentil.ham10000.UserError if the process fails, with what it said
   */
  public static List<Result> measure(List<Case> cases, Path model, String peer, Pace pace) {
    var names = String.join(SEPARATOR, cases.stream().map(Case::name).toList());
    try (var process = new JavaProcess(ComparisonProcess.class, List.of(names, model.toString(), peer, pace.name()))) {
      return ((List<?>) Json.parse(process.output())).stream().map(entry -> Result.of((Map<?, ?>) entry)).toList();
    }
  }

  /** Prints the results as one line of JSON. */
  public static void main(String[] args) throws InterruptedException {
    Model model = ModelFile.read(Path.of(args[1]));
    var results = new ArrayList<Result>();
    for (String name : args[0].split(SEPARATOR)) {
      Case which = Case.named(name);
      results.add(Comparison.run(which, model, args[2], Budget.of(which.work(), Pace.valueOf(args[3]))));
    }
    System.out.println(Json.compact(results.stream().map(Result::document).toList()));
    // native libraries may leave threads behind
    System.exit(0);
  }
}
