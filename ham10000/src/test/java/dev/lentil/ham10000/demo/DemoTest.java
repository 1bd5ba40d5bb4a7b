package dev.lentil.ham10000.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.evaluate.Prediction;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.ham10000.train.LesionClassifier;
import dev.lentil.ham10000.train.Program;
import dev.lentil.ham10000.train.Runs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTest {
  private static final int LESIONS = 120;
  private static final List<String> SHORT = List.of("stage1.epochs=1", "stage2.epochs=1");
  private static final Program PROGRAM = new Program("test", "none");

  @TempDir
  Path folder;

  private final StringWriter screen = new StringWriter();

  private Demo.Outcome run(String name, Demo.Base base, List<String> more) {
    return Demo.run(folder.resolve(name), 42, LESIONS, base, more, PROGRAM, new PrintWriter(screen));
  }

  @Test
  void aShortOneGoesAllTheWayAndTheSameWayTwice() throws Exception {
    var outcome = run("first", new Demo.Base.BuiltIn(), SHORT);
    Path first = folder.resolve("first");
    assertTrue(screen.toString().contains("Stage 2, fine-tuning: "), screen.toString());
    assertTrue(screen.toString().contains("260 tensors below the cut of stage head"), screen.toString());
    String report = Files.readString(outcome.run().report());
    assertTrue(report.contains(Disclaimer.TEXT) && report.contains("logistic regression on the mean colour"));
    assertTrue(report.contains("<section id=\"cases\">") && report.contains("Occlusion map of DEMO_"));
    assertTrue(Files.exists(first.resolve("figures/reliability.svg")));
    assertTrue(Files.readString(first.resolve("config.properties")).contains("batch-norm.momentum = 0.9"));
    assertEquals(2, outcome.run().measurements().stages().size());
    assertPicturesAreThoseOfTheTest(first, outcome.pictures());
    String refusal =
        assertThrows(UserError.class, () -> Runs.evaluate(first, List.of(), PROGRAM, new PrintWriter(screen)))
            .getMessage();
    assertTrue(refusal.contains("were drawn by './lentil demo'"), refusal);

    run("second", new Demo.Base.BuiltIn(), List.of("stage1.epochs=1", "stage2.epochs=1", "threads=1"));
    assertEquals(-1, Files.mismatch(first.resolve("last.safetensors"), folder.resolve("second/last.safetensors")));
    assertEquals(-1, Files.mismatch(first.resolve("predictions.csv"), folder.resolve("second/predictions.csv")));
  }

  /** Each file, as a photograph from anywhere, gives the probability that the run gave its picture. */
  private static void assertPicturesAreThoseOfTheTest(Path run, List<Path> pictures) {
    var predicted = PredictionsFile.read(run.resolve("predictions.csv")).of(Split.Subset.TEST).rows();
    var names = pictures.stream().map(file -> file.getFileName().toString().split("[-.]")).toList();
    assertEquals(predicted.stream().map(Prediction::diagnosis).distinct().count(),
        names.stream().map(name -> name[0]).distinct().count());
    try (var classifier =
        LesionClassifier.ofWeights(Runs.weights(run), Backends.named("cpu"), DeviceOptions.defaults())) {
      for (int i = 0; i < names.size(); i++) {
        var name = names.get(i);
        var row = predicted.stream().filter(p -> p.imageId().equals(name[1])).findFirst().orElseThrow();
        assertEquals(row.diagnosis().code(), name[0]);
        assertEquals(row.probability(), classifier.judge(pictures.get(i)).probability(), 1e-6);
        assertTrue(names.stream().filter(other -> other[0].equals(name[0])).count() <= 2);
      }
    }
  }

  @Test
  void anotherBaseGivesOtherWeights() throws Exception {
    run("built-in", new Demo.Base.BuiltIn(), SHORT);
    run("untrained", new Demo.Base.Untrained(), SHORT);
    assertNotEquals(-1, Files.mismatch(folder.resolve("built-in/last.safetensors"),
        folder.resolve("untrained/last.safetensors")));
  }

  @Test
  void onlySquarePictures() {
    var refused = assertThrows(UserError.class,
        () -> run("oblong", new Demo.Base.BuiltIn(), List.of("resolution=48x64")));
    assertTrue(refused.getMessage().startsWith("--set resolution"), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"data=lesions", "cache=cache", "weights=base.safetensors", "mode=seven-class", "resize=nearest"})
  void aSettingThatItCannotFollowIsRefused(String setting) {
    var refused = assertThrows(UserError.class, () -> run("refused", new Demo.Base.BuiltIn(), List.of(setting)));
    assertTrue(refused.getMessage().startsWith("--set " + setting + ": the demonstration "),
        refused.getMessage());
    assertFalse(Files.exists(folder.resolve("refused")));
  }

  /** Seed 42 is {@code DemoCommandTest}'s. */
  @Tag("exhaustive")
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void otherSeedsLearnWhatMeanColourCannotTell(long seed) {
    var outcome = Demo.run(folder.resolve("full-" + seed), seed, DemoDataset.LESIONS, new Demo.Base.BuiltIn(),
        List.of(), PROGRAM, new PrintWriter(screen));
    var auc = outcome.run().result().evaluation().orElseThrow().test().auc();
    var meanColour = outcome.meanColour().auc();
    System.out.println("seed " + seed + ": AUC " + auc + ", mean colour " + meanColour);
    assertTrue(outcome.split().lesions(Split.Subset.TEST) >= 150);
    assertTrue(auc.estimate() >= 0.85, auc.toString());
    assertTrue(auc.lower() > 0.75, auc.toString());
    assertTrue(meanColour.estimate() < 0.75, meanColour.toString());
  }
}
