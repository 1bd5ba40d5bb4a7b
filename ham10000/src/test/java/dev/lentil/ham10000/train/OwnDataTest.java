package dev.lentil.ham10000.train;

import static dev.lentil.ham10000.train.TestRuns.lentil;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.json.Json;
import dev.lentil.json.JsonNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of one's own need not have what HAM10000 has. */
class OwnDataTest {
  @TempDir
  Path folder;
  private SmallHam ham;

  @BeforeEach
  void draw() throws IOException {
    ham = new SmallHam(folder.resolve("ham"), 60);
  }

  private void rewrite(UnaryOperator<String> line) throws IOException {
    var text = Files.readAllLines(ham.metadata()).stream().map(line).filter(l -> !l.isEmpty())
        .collect(Collectors.joining("\n", "", "\n"));
    Files.writeString(ham.metadata(), text);
  }

  @Test
  void noImageNeedsAnAge() throws IOException {
    rewrite(line -> line.replaceFirst(",[0-9]+\\.0,", ",,"));
    var printed = lentil(0, ham.train(folder.resolve("run"), "--set", "stage1.epochs=1", "--set", "stage2.epochs=0"));
    assertTrue(printed.contains("logistic regression on age, sex and site"), printed);
  }

  /** As docs/training.md says of own data; a column that nobody asked for is left alone. */
  @Test
  void twoDiagnosesWithNothingButNamesSuffice() throws IOException {
    rewrite(line -> {
      String[] fields = line.split(",");
      boolean header = fields[0].equals("lesion_id");
      String dx = fields[2].matches("akiec|bcc|mel") ? "mel" : "nv";
      return header
          ? line + ",clinic"
          : String.join(",", "\"lesion, " + fields[0] + "\"", fields[1], dx, "", "", "", "", "here");
    });
    lentil(0, List.of("verify", "--data", ham.metadata().getParent().toString(), "--subset"));
    var run = folder.resolve("run");
    lentil(0, ham.train(run, "--set", "stage1.epochs=1", "--set", "stage2.epochs=0"));
    lentil(0, List.of("evaluate", run.toString()));
    var report = Files.readString(run.resolve("report.html"));
    assertTrue(report.contains("<title>MobileNetV2 on the folder &quot;ham&quot;, binary, head alone</title>"),
        "the folder's name");
    assertTrue(report.contains("By its counts it is not HAM10000 as published."), "the data card");
    assertEquals(1, report.split("HAM10000", -1).length - 1, "not called so anywhere else");
  }

  @Test
  void everyClassMustBeThereToLearn() throws IOException {
    rewrite(line -> line.contains(",df,") ? "" : line);
    var run = folder.resolve("run");
    var error = lentil(1, ham.train(run, "--set", "mode=seven-class"));
    assertTrue(error.contains("the training subset has no image of class df (the data has 0)")
        && error.contains("; add lesions of it, or use mode = binary"), error);
    assertFalse(Files.exists(run.resolve("history.csv")));

    var list = Files.writeString(folder.resolve("list.csv"), "name,recipe,settings\nbase,,\nseven,,mode=seven-class\n");
    var out = folder.resolve("ablations");
    var ablate = new ArrayList<>(List.of("ablate", list.toString(), "--out", out.toString()));
    ablate.addAll(ham.train(run).subList(3, ham.train(run).size()));
    error = lentil(1, ablate);
    assertTrue(error.contains("the training subset has no image of class df (the data has 0)")
        && error.contains(" (run seven-seed-1)"), error);
    assertFalse(Files.exists(out.resolve("base-seed-1")), "trained before");

    var split = List.of("split", "--data", folder.resolve("ham").toString(), "--task", "seven-class", "--out",
        folder.resolve("split").toString());
    assertTrue(lentil(0, split).contains("  df none (no training image)  "));
    var json = (Map<?, ?>) Json.parse(lentil(0, Stream.concat(split.stream(), Stream.of("--json")).toList()));
    assertEquals(JsonNull.NULL, ((Map<?, ?>) json.get("class_weights")).get("df"));
  }

  /** Three malignant lesions: one of them is in validation, none in test. */
  @Test
  void aClassThatTheTestLacksIsSaidBeforeTheTraining() throws IOException {
    var kept = new ArrayList<String>();
    rewrite(line -> {
      boolean malignant = line.matches(".*,(akiec|bcc|mel),.*");
      String lesion = line.substring(0, line.indexOf(','));
      if (malignant && !kept.contains(lesion)) {
        kept.add(lesion);
      }
      return malignant && kept.indexOf(lesion) >= 3 ? "" : line;
    });
    var run = folder.resolve("run");
    var error = lentil(1, ham.train(run));
    assertTrue(error.contains("the test subset has no image of class malignant (the data has ")
        && error.contains("; add lesions of it, or try another split.seed, or leave the test images alone with "
            + "evaluation.test = false"),
        error);
    assertFalse(error.contains(".."), error);
    assertFalse(Files.exists(run.resolve("history.csv")));
  }

  @Test
  void aFolderWithoutMetadataIsNamedByItsSetting() throws IOException {
    var absent = folder.resolve("absent");
    var run = folder.resolve("a run");
    var error = lentil(1, ham.train(run, "--set", "data=" + absent));
    assertTrue(
        error.contains("--set, key data: '" + absent + "' cannot be used; there is no HAM10000_metadata.csv in it; "
            + "name the folder that holds it, for example with --set data=FOLDER"),
        error);
    // whoever tests may enter every folder, but nobody a link to itself
    var loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    error = lentil(1, ham.train(folder.resolve("other"), "--set", "data=" + loop));
    assertTrue(error.contains("cannot be used; HAM10000_metadata.csv in it cannot be read (Too many levels of symbolic "
        + "links"), error);
    var log = Files.readString(run.resolve("log.txt"));
    assertTrue(log.contains("Once that is mended, './lentil train --resume \"" + run
        + "\"' goes on with it; where a setting was the cause, with --set KEY=VALUE behind it."), log);
    lentil(0, List.of("train", "--resume", run.toString(), "--set", "data=" + ham.metadata().getParent(), "--set",
        "stage1.epochs=1", "--set", "stage2.epochs=0"));
  }
}
