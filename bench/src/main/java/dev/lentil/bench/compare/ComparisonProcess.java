package dev.lentil.bench.compare;

import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.ModelFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A case measured in a process of its own, so that no case finds the machine code, the threads or the memory that another
 * one left behind.
 */
public final class ComparisonProcess {
  private ComparisonProcess() {}

  /**
   * Measures a case.
   *
   * @param model file of the model, with the resolution in its metadata
   * @throws dev.lentil.ham10000.UserError if the process fails, with what it said
   */
  public static Result measure(Case which, Path model, String peer, Pace pace) {
    var arguments = List.of(which.name(), model.toString(), peer, pace.name());
    try (var process = new JavaProcess(ComparisonProcess.class, arguments)) {
      return Result.of((Map<?, ?>) Json.parse(process.output()));
    }
  }

  /** Prints the result as one line of JSON. */
  public static void main(String[] args) throws InterruptedException {
    Case which = Case.named(args[0]);
    Result result = Comparison.run(which, ModelFile.read(Path.of(args[1])), args[2],
        Budget.of(which.work(), Pace.valueOf(args[3])));
    System.out.println(Json.compact(result.document()));
    // native libraries may leave threads behind
    System.exit(0);
  }
}
