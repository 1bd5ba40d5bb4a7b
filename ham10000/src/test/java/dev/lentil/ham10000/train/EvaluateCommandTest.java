package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that left the test images alone, and look at them once all is chosen. */
class EvaluateCommandTest {
  @TempDir
  static Path folder;
  private static List<String> series;
  private static Path one;
  private static Path two;

  @BeforeAll
  static void train() throws IOException {
    Path out = folder.resolve("seeds");
    series = new ArrayList<>(new SmallHam(folder.resolve("ham"), 80).train(folder, "--set", "stage1.epochs=1", "--set",
        "stage2.epochs=0", "--set", "evaluation.test=false"));
    // "train --run FOLDER" in front
    series.subList(0, 3).clear();
    series.addFirst("repeat");
    series.addAll(List.of("--seeds", "1,2", "--out", out.toString()));
    TestRuns.lentil(0, series);
    one = out.resolve("seed-1");
    two = out.resolve("seed-2");
  }

  private static int testImages(Path run) {
    return PredictionsFile.read(run.resolve(PredictionsFile.FILE_NAME)).of(Subset.TEST).size();
  }

  private static String ensemble(int exitCode, String out, String... more) {
    var args = new ArrayList<>(List.of("ensemble", one.toString(), two.toString(), "--out",
        folder.resolve("seeds").resolve(out).toString()));
    args.addAll(List.of(more));
    return TestRuns.lentil(exitCode, args);
  }

  @Test
  void theTestIsOpenedForGoodAndEveryLookIsLogged() throws IOException {
    Path log = folder.resolve("seeds").resolve(TestLog.FILE_NAME);
    var validation = PredictionsFile.read(one.resolve(PredictionsFile.FILE_NAME));
    TestRuns.lentil(0, List.of("evaluate", one.toString()));
    assertEquals(0, testImages(one));
    assertFalse(Files.exists(log));

    // a look that cannot be logged does not count as one
    Files.createDirectory(log);
    TestRuns.lentil(1, List.of("evaluate", one.toString(), "--test"));
    assertTrue(Files.readString(one.resolve("config.properties")).contains("evaluation.test = false\n"));
    Files.delete(log);

    // what calculates is of this evaluation alone
    String text = TestRuns.lentil(0, List.of("evaluate", one.toString(), "--test", "--device", "reference"));
    assertTrue(Files.readString(one.resolve("config.properties")).contains("backend = cpu\n"));
    assertTrue(text.contains("AUC"), text);
    assertTrue(testImages(one) > 0);
    var again = PredictionsFile.read(one.resolve(PredictionsFile.FILE_NAME)).of(Subset.VALIDATION);
    assertArrayEquals(validation.probabilities(), again.probabilities(), 1e-4, "validation as before");
    assertFalse(Arrays.equals(validation.probabilities(), again.probabilities()), "but in float64");
    assertTrue(Files.readString(one.resolve("config.properties")).contains("evaluation.test = true\n"));
    assertTrue(Files.exists(one.resolve("report.html")));
    assertTrue(Files.readAllLines(log).getLast().contains(",seed-1,"), Files.readString(log));
    assertTrue(Files.readAllLines(log).getLast().contains(",evaluate --test,"), Files.readString(log));

    text = ensemble(1, "mixed");
    assertTrue(text.contains("'./lentil evaluate RUN --test' opens a run's"), text);
    TestRuns.lentil(0, List.of("evaluate", two.toString(), "--test"));
    ensemble(0, "views", "--views", "flips");
    assertEquals(testImages(one), testImages(folder.resolve("seeds/views")));
    assertEquals(4, Files.readAllLines(log).size(), "two runs and an ensemble below the header");

    // the command that made the runs finds them as they were, and trains none again
    TestRuns.lentil(0, series);
    assertTrue(Files.readString(folder.resolve("seeds/runs.csv")).contains("test AUC"));
    assertEquals(4, Files.readAllLines(log).size());
  }

  /** The processor has no other precision, and says so when it is opened with what was asked for. */
  @Test
  void deviceAndPrecisionReachWhateverCalculates() {
    var out = folder.resolve("none").toString();
    var repeat = new ArrayList<>(series);
    repeat.set(repeat.indexOf("1,2"), "3");
    for (List<String> command : List.of(List.of("evaluate", two.toString()),
        List.of("train", "--resume", two.toString()),
        List.of("ensemble", two.toString(), "--views", "1", "--out", out), repeat)) {
      var asked = new ArrayList<>(command);
      asked.addAll(List.of("--device", "auto", "--precision", "bfloat16"));
      String text = TestRuns.lentil(1, asked);
      assertTrue(text.contains("the backend 'cpu' has no precision bfloat16"), command + ": " + text);
    }
  }

  /** Its weights are those of an epoch, without a threshold, and its predictions may be of settings that it had before. */
  @Test
  void aRunThatIsNotFinishedIsNotJudgedAndJudgesNothing() throws IOException {
    Path run = folder.resolve("unfinished");
    Files.createDirectories(run);
    for (String name : List.of("config.properties", "best.safetensors", "history.csv", "predictions.csv")) {
      Files.copy(one.resolve(name), run.resolve(name));
    }
    String out = folder.resolve("out").toString();
    String expected = run + ": the run is not finished; continue it with './lentil train --resume " + run + "'";
    for (List<String> command : List.of(List.of("evaluate", run.toString()),
        List.of("evaluate", run.toString(), "--test"), List.of("compare", two.toString(), run.toString()),
        List.of("ensemble", two.toString(), run.toString(), "--out", out),
        List.of("ensemble", two.toString(), run.toString(), "--out", out, "--views", "flips"))) {
      String text = TestRuns.lentil(1, command);
      assertTrue(text.contains(expected + "\n"), command + ": " + text);
    }
    assertFalse(Files.exists(folder.resolve(TestLog.FILE_NAME)));

    String image;
    try (var files = Files.list(folder.resolve("ham/images"))) {
      image = files.filter(file -> file.toString().endsWith(".png")).sorted().findFirst().orElseThrow().toString();
    }
    Path weights = run.resolve("best.safetensors");
    for (List<String> command : List.of(List.of("predict", image, "--run", run.toString()),
        List.of("explain", image, "--run", run.toString(), "--out", out),
        List.of("export", run.toString(), "--to", out))) {
      String text = TestRuns.lentil(1, command);
      assertTrue(text.contains(expected + ", or give the weight file that it has so far, " + weights + "\n"),
          command + ": " + text);
    }
    TestRuns.lentil(0, List.of("predict", image, "--weights", weights.toString()));
  }
}
