package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.json.Json;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  @TempDir
  Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int lentil(String... args) {
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  @Test
  void whatCannotGoTogetherIsBadUsage() {
    assertEquals(2, lentil("demo", "--from-scratch", "--base", "base.safetensors"));
    assertTrue(err.toString().contains("leave out --base"), err.toString());
    assertEquals(2, lentil("demo", "--train-base", "base.safetensors", "--epochs", "0"));
  }

  @Test
  void aBaseThatCannotBeWrittenIsRefusedBeforeItIsTrained() throws IOException {
    assertEquals(1, lentil("demo", "--train-base", folder.resolve("none/base.safetensors").toString()));
    assertTrue(err.toString().contains("no such folder"), err.toString());
    // whoever tests may enter every folder, but nobody a link to itself
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    assertEquals(1, lentil("demo", "--train-base", loop.resolve("none/base.safetensors").toString()));
    assertTrue(err.toString().contains("cannot be written there (Too many levels of symbolic links"), err.toString());
    assertEquals(1, lentil("demo", "--train-base", folder.toString()));
    assertTrue(err.toString().contains(folder + " exists; give --train-base another name"), err.toString());
  }

  /** Sums of other vectors than README's are rounded in another order, which training carries on to other figures. */
  @Test
  void itLearnsWhatMeanColourCannotTellAndEndsAsTheReadmeSays() throws IOException {
    assertEquals(0, lentil("demo", "--run", folder.resolve("run").toString()), err.toString());
    Matcher pictures = Pattern.compile("Test pictures +14 of them, in .*pictures; for example\n +\\./lentil explain "
        + Pattern.quote(folder.resolve("run/pictures/mel-DEMO_").toString()) + "\\d+\\.png --run "
        + Pattern.quote(folder.resolve("run").toString()) + " --out maps")
        .matcher(out.toString());
    assertTrue(pictures.find(), out.toString());
    double[] auc = numbers("AUC +(\\S+) \\(95% interval by lesions (\\S+) to");
    assertTrue(auc[0] >= 0.85 && auc[1] > 0.75, out.toString());
    assertTrue(numbers("mean colour alone +(\\S+)")[0] < 0.75, out.toString());
    assertTrue(numbers("Test: .* images of (\\d+) lesions")[0] >= 150, out.toString());
    try (Device device = Backends.named("cpu").open(DeviceOptions.defaults())) {
      if (!device.describe().contains("512 bits")) {
        return;
      }
    }
    String readme = Files.readString(SharedData.repositoryRoot().resolve("README.md"));
    Matcher block = Pattern.compile("```\n(Test: .*?)```", Pattern.DOTALL).matcher(readme);
    assertTrue(block.find(), "README.md has no end of a demonstration");
    assertTrue(out.toString().contains(block.group(1)), () -> "the README does not say this:\n" + out);
  }

  /** The groups of a pattern, which must be in what was printed. */
  private double[] numbers(String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(out.toString());
    assertTrue(found.find(), () -> pattern + " is not in:\n" + out);
    return IntStream.rangeClosed(1, found.groupCount()).mapToDouble(i -> Double.parseDouble(found.group(i))).toArray();
  }

  @Test
  void oneDocumentForPrograms() {
    Path run = folder.resolve("run");
    assertEquals(0, lentil("demo", "--json", "--run", run.toString(), "--set", "stage1.epochs=1", "--set",
        "stage2.epochs=0"), err.toString());
    assertTrue(Json.parse(out.toString()) instanceof Map<?, ?> document
        && document.get("evaluation") instanceof Map<?, ?> evaluation && evaluation.containsKey("baselines"),
        out.toString());
    assertTrue(Files.exists(run.resolve("report.html")));
  }
}
