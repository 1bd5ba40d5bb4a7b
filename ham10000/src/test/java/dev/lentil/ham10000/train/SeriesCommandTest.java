package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.Prediction;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands repeat and ablate on a small folder of drawn pictures. */
class SeriesCommandTest {
  @TempDir
  static Path folder;
  private static SmallHam ham;

  @BeforeAll
  static void draw() throws IOException {
    ham = new SmallHam(folder.resolve("ham"), 80);
  }

  private static List<String> repeat(String... more) {
    return command("repeat", more);
  }

  /** A command with the settings of a run of one epoch. */
  private static List<String> command(String name, String... more) {
    var args = new ArrayList<>(ham.train(folder, "--set", "stage1.epochs=1", "--set", "stage2.epochs=0"));
    // "train --run FOLDER" in front
    args.subList(0, 3).clear();
    args.addFirst(name);
    args.addAll(List.of(more));
    return args;
  }

  @Test
  void severalSeedsAreShownWithTheirSpread() throws IOException {
    Path out = folder.resolve("seeds");
    var args = repeat("--seeds", "1,2", "--set", "stage2.epochs=1", "--out", out.toString());
    TestRuns.lentil(0, args);
    var lines = Files.readAllLines(out.resolve("runs.csv"));
    assertEquals("run,validation AUC,test AUC,accuracy,sensitivity,specificity", lines.getFirst());
    assertEquals(4, lines.size());
    double first = Double.parseDouble(lines.get(1).split(",")[2]);
    double second = Double.parseDouble(lines.get(2).split(",")[2]);
    var mean = lines.get(3).split(",")[2].split(" ± ");
    assertEquals((first + second) / 2, Double.parseDouble(mean[0]), 1e-4);
    assertEquals(Math.abs(first - second) / Math.sqrt(2), Double.parseDouble(mean[1]), 1e-4);
    assertTrue(Files.readString(out.resolve("runs.md")).endsWith(Disclaimer.TEXT + "\n"));

    // what is done stays
    var time = Files.getLastModifiedTime(out.resolve("seed-1/last.safetensors"));
    args.set(args.indexOf("1,2"), "2,1");
    TestRuns.lentil(0, args);
    assertEquals(time, Files.getLastModifiedTime(out.resolve("seed-1/last.safetensors")));
    assertEquals(lines.reversed().get(1), Files.readAllLines(out.resolve("runs.csv")).get(1));
    assertEquals(3, Files.readAllLines(out.resolve(TestLog.FILE_NAME)).size());
    args.addAll(List.of("--set", "dropout=0.1"));
    String text = TestRuns.lentil(1, args);
    assertTrue(text.contains("other settings") && text.contains("dropout is 0.3 there and 0.1 now"), text);
  }

  @Test
  void aRunThatWasInterruptedGoesOn() throws IOException {
    Path out = folder.resolve("again");
    TestRuns.lentil(0, repeat("--seeds", "5", "--out", out.toString()));
    Path run = out.resolve("seed-5");
    byte[] predictions = Files.readAllBytes(run.resolve("predictions.csv"));
    var checkpoint = Files.getLastModifiedTime(run.resolve("checkpoint.safetensors"));
    Files.delete(run.resolve("measurements.json"));
    Files.delete(run.resolve("predictions.csv"));
    TestRuns.lentil(0, repeat("--seeds", "5", "--out", out.toString()));
    assertArrayEquals(predictions, Files.readAllBytes(run.resolve("predictions.csv")));
    assertEquals(checkpoint, Files.getLastModifiedTime(run.resolve("checkpoint.safetensors")), "trained once more");
  }

  @Test
  void oneFirstStageServesRunsThatDifferInWhatFollows() throws IOException {
    Path heads = folder.resolve("heads");
    TestRuns.lentil(0, repeat("--seeds", "6", "--set", "evaluation.test=false", "--out", heads.toString()));
    for (String cut : List.of("full", "block_16_expand")) {
      var second = List.of("--seeds", "6", "--set", "stage2.epochs=1", "--set", "stage2.cut=" + cut);
      Path whole = folder.resolve("whole-" + cut);
      Path begun = folder.resolve("begun-" + cut);
      var command = repeat(second.toArray(String[]::new));
      command.addAll(List.of("--out", whole.toString()));
      TestRuns.lentil(0, command);
      command.set(command.size() - 1, begun.toString());
      command.addAll(List.of("--first-stage-of", heads.toString()));
      TestRuns.lentil(0, command);
      TestRuns.assertSameResult(whole.resolve("seed-6"), begun.resolve("seed-6"), "with the cut " + cut);
      String environment = Files.readString(begun.resolve("seed-6/environment.json"));
      assertTrue(environment.contains("from the end of stage 1 on: run heads/seed-6 -> begun-" + cut + "/seed-6")
          && environment.contains("stage2.cut block_13_expand -> " + cut), environment);
      assertTrue(
          Files.readString(begun.resolve("seed-6/report.html")).contains("from the end of stage 1 on: run heads"));
      assertEquals(2, Files.readAllLines(begun.resolve(TestLog.FILE_NAME)).size());
    }
    assertFalse(Files.exists(heads.resolve(TestLog.FILE_NAME)));

    // the second seed's first stage is missing, which shows before the first seed is trained
    var args =
        repeat("--seeds", "6,7", "--out", folder.resolve("late").toString(), "--first-stage-of", heads.toString());
    assertTrue(TestRuns.lentil(1, args).contains(heads.resolve("seed-7") + ": this is not the folder of a run"));
    assertFalse(Runs.isRun(folder.resolve("late/seed-6")));

    String first = heads.resolve("seed-6").toString();
    Path other = folder.resolve("other");
    String text = TestRuns.lentil(1, ham.train(other, "--first-stage-of", first, "--set", "stage1.epochs=1", "--set",
        "seed=6", "--set", "dropout=0.1"));
    assertTrue(text.contains("dropout 0.3 -> 0.1: " + first + " trained its stage 1 with another dropout"), text);
    first = folder.resolve("whole-full/seed-6").toString();
    text = TestRuns.lentil(1,
        ham.train(other, "--first-stage-of", first, "--set", "stage1.epochs=1", "--set", "seed=6"));
    assertTrue(text.contains(first + ": the run does not stand at the end of stage 1, it stands at stage 3"), text);
    assertFalse(Files.exists(other));
  }

  @Test
  void aFinishedRunThatIsToTrainOnIsNotFinishedAnyMore() throws IOException {
    Path run = folder.resolve("longer");
    TestRuns.lentil(0, ham.train(run, "--set", "stage1.epochs=1", "--set", "stage2.epochs=0"));
    assertTrue(Runs.isFinished(run));
    var interrupting = new PrintWriter(new StringWriter()) {
      @Override
      public void println(String line) {
        if (line.startsWith("stage 2")) {
          throw new IllegalStateException("interrupted");
        }
      }
    };
    assertThrows(IllegalStateException.class,
        () -> Runs.resume(run, List.of("stage2.epochs=1"), new Program("test", "test"), interrupting));
    assertFalse(Runs.isFinished(run));
    TestRuns.resume(0, run);
    assertTrue(Runs.isFinished(run));
    for (String change : List.of("stage1.learning-rate=1e-2", "stage2.epochs=2", "early-stopping.patience=3")) {
      String text = TestRuns.resume(1, run, "--set", change);
      assertTrue(text.contains(" of this run is done, and is not trained again"), text);
      assertNotEquals(change.split("=")[1], Runs.configOf(run).asMap().get(change.split("=")[0]));
    }
    assertTrue(Runs.isFinished(run));
  }

  @Test
  void foldsTestEveryImageOnce() throws IOException {
    Path out = folder.resolve("folds");
    TestRuns.lentil(0, repeat("--folds", "2", "--seeds", "3", "--out", out.toString()));
    var tested = new ArrayList<String>();
    for (String name : List.of("fold-1-seed-3", "fold-2-seed-3")) {
      var predictions = PredictionsFile.read(out.resolve(name).resolve("predictions.csv"));
      predictions.of(Subset.TEST).rows().stream().map(Prediction::imageId).forEach(tested::add);
    }
    assertEquals(tested.size(), tested.stream().distinct().count());
    try (var images = Files.list(ham.images())) {
      assertEquals(images.count(), tested.size());
    }
  }

  @Test
  void ablationsLookAtValidationAlone() throws IOException {
    Path list = folder.resolve("list.csv");
    Files.writeString(list, """
        name,recipe,settings
        base,full,stage2.cut=block_16_expand
        smooth,,label-smoothing=0.1
        no-flips,,augmentation.horizontal-flip=false augmentation.vertical-flip=false
        """);
    Path out = folder.resolve("ablations");
    var args = command("ablate", list.toString(), "--out", out.toString(), "--only", "no-flips");
    String text = TestRuns.lentil(0, args);
    assertFalse(text.contains("Test images"), text);
    var lines = Files.readAllLines(out.resolve("ablations.csv"));
    assertEquals(3, lines.size());
    assertTrue(lines.get(1).startsWith("base,\"recipe full, stage2.cut=block_13_expand alpha=0.35 resolution=32x32 "
        + "batch=16 stage1.epochs=1 stage2.epochs=0 stage2.learning-rate=1e-3 batch-norm.momentum=0.9\","),
        lines.get(1));
    assertTrue(
        lines.get(2).startsWith("no-flips,augmentation.horizontal-flip=false augmentation.vertical-flip=false,"));
    assertFalse(Files.exists(out.resolve(TestLog.FILE_NAME)));
    String config = Files.readString(out.resolve("no-flips-seed-1/config.properties"));
    assertTrue(config.contains("augmentation.vertical-flip = false\n") && config.contains("evaluation.test = false\n"));
    assertTrue(Files.readString(out.resolve("ablations.md")).contains("| base | "));

    args.set(args.indexOf("no-flips"), "none");
    assertTrue(TestRuns.lentil(2, args).contains("there is no row 'none'; the rows are base, smooth, no-flips"));
  }

  @Test
  void aListThatCannotBeUsedNamesTheLine() throws IOException {
    Path list = folder.resolve("list.csv");
    var args = command("ablate", list.toString(), "--out", folder.resolve("out").toString());
    Files.writeString(list, "name,recipe,settings\nbase,,\nbase,,seed=1\n");
    String text = TestRuns.lentil(1, args);
    assertTrue(text.contains(list + ", line 3: the name 'base'"), text);
    Files.writeString(list, "name,recipe,settings\nbase,,\nother,,seeds=1\n");
    text = TestRuns.lentil(1, args);
    assertTrue(text.contains(list + ", line 3: the key 'seeds' is unknown"), text);
    Files.writeString(list, "name,recipe,settings\nbase,,\nother,,batch=0\n");
    text = TestRuns.lentil(1, args);
    assertTrue(text.contains(list + ", line 3, key batch: '0' cannot be used"), text);
    Files.writeString(list, "name,recipe,settings\nbase,paper,\n");
    text = TestRuns.lentil(1, args);
    assertTrue(text.contains(list + ", line 2: there is no recipe 'paper'; use one of ") && !text.contains("--config"),
        text);
    Files.writeString(list, "name,recipe,settings\nbase,,\nother,,dropout=0.1\nagain,,dropout=0.1\n");
    text = TestRuns.lentil(1, args);
    assertTrue(text.contains("the rows 'other' and 'again' have the same settings"), text);
    Files.writeString(list, "name,settings\nbase,\n");
    text = TestRuns.lentil(1, args);
    assertTrue(text.contains("the columns name, recipe and settings"), text);
  }

  /** Otherwise what the last row lacks would show after hours of training the others. */
  @Test
  void aRowThatCannotBeTrainedShowsBeforeTheFirstIs() throws IOException {
    Path list = folder.resolve("late.csv");
    Path out = folder.resolve("late-row");
    for (var wrong : Map.of(
        "stage2.epochs=1 stage2.cut=blok_5", list + ", line 3, key stage2.cut: 'blok_5' cannot be used",
        "alpha=0.5", "the configuration has alpha 0.5",
        "weights=none.h5", "none.h5: there is no such weight file").entrySet()) {
      Files.writeString(list, "name,recipe,settings\nbase,,\nother,," + wrong.getKey() + "\n");
      String text = TestRuns.lentil(1, command("ablate", list.toString(), "--out", out.toString()));
      assertTrue(text.contains(wrong.getValue()) && text.contains("(run other-seed-1)"), text);
      assertFalse(Runs.isRun(out.resolve("base-seed-1")), wrong.getKey());
    }
    String text = TestRuns.lentil(2, repeat("--set", "stage2.epochs=1", "--set", "stage2.cut=blok_5", "--out",
        out.toString()));
    assertTrue(text.contains("--set, key stage2.cut: 'blok_5' cannot be used") && text.contains("--help"), text);
  }

  /** A cut is looked for before the run's folder is made, and before its images are decoded. */
  @Test
  void aRunWithoutItsCutIsNotBegun() {
    Path run = folder.resolve("no-cut");
    String text = TestRuns.lentil(2, ham.train(run, "--set", "stage2.epochs=1", "--set", "stage2.cut=blok_5"));
    assertTrue(text.contains("'blok_5' cannot be used"), text);
    assertFalse(Files.exists(run));
  }

  /** A run is the same each time, so twice the same would look like no spread. */
  @Test
  void aSeedIsNamedOnce() throws IOException {
    Path list = folder.resolve("base.csv");
    Files.writeString(list, "name,recipe,settings\nbase,,\n");
    Path out = folder.resolve("twice");
    for (var args : List.of(repeat("--seeds", "3,1,3", "--out", out.toString()),
        command("ablate", list.toString(), "--seeds", "3,3", "--out", out.toString()))) {
      assertTrue(TestRuns.lentil(2, args).contains("a seed is named twice, 3; name each once"));
    }
    assertFalse(Files.exists(out));
  }

  @Test
  void aSettingThatTheCommandHasItselfIsNotOverruledInSilence() throws IOException {
    Path list = folder.resolve("single.csv");
    Files.writeString(list, "name,recipe,settings\nbase,,\n");
    Path out = folder.resolve("overruled");
    var ablate = command("ablate", list.toString(), "--out", out.toString(), "--set", "evaluation.test=true");
    assertTrue(TestRuns.lentil(2, ablate)
        .contains("ablate has evaluation.test = false, which contradicts --set evaluation.test=true; leave out"));
    var repeat = repeat("--out", out.toString(), "--set", "seed=9");
    assertTrue(TestRuns.lentil(2, repeat).contains("--seeds has seed = 42, which contradicts --set seed=9"));
    repeat = repeat("--out", out.toString(), "--folds", "3", "--set", "split=paper");
    assertTrue(TestRuns.lentil(2, repeat).contains("--folds has split = kfold, which contradicts --set split=paper"));
    assertFalse(Files.exists(out));
  }

  @Test
  void theListThatComesWithLentilCanBeRead() {
    var ablation = Ablation.read(Path.of("recipes/ablations.csv"));
    assertTrue(ablation.rows().size() > 20);
    var configurations = ablation.rows().stream().map(row -> ablation.config(row, List.of(), 1).asMap()).toList();
    assertEquals(configurations.size(), configurations.stream().distinct().count());
  }
}
