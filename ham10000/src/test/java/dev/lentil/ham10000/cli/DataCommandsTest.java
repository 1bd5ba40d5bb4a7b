package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.data.ImageCache;
import dev.lentil.ham10000.data.TestDataset;
import dev.lentil.json.Json;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The commands verify, split and prepare. */
@Isolated("one of its tests sets the process's locale")
class DataCommandsTest {
  @TempDir
  Path folder;

  private record Outcome(int exitCode, String out, String err) {
    Map<?, ?> json() {
      return (Map<?, ?>) Json.parse(out);
    }
  }

  private static Outcome run(Object... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err),
        List.of(args).stream().map(Object::toString).toArray(String[]::new));
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  @Test
  void verifyFindsNothingThenSomething() throws IOException {
    TestDataset.write(folder, 14);
    var good = run("verify", "--data", folder, "--subset");
    assertEquals(0, good.exitCode, good.err);
    assertTrue(good.out.contains("Nothing is wrong."), good.out);
    assertTrue(good.out.stripTrailing().endsWith(Disclaimer.TEXT), good.out);

    Files.delete(folder.resolve("images/" + TestDataset.id(3) + ".jpg"));
    var bad = run("verify", "--data", folder, "--subset");
    assertEquals(1, bad.exitCode);
    assertTrue(bad.out.contains("no image file for ISIC_0000003"), bad.out);
    assertTrue(bad.out.contains("1 problem: 1 missing image\n"), bad.out);
    var document = run("verify", "--data", folder, "--subset", "--json").json();
    assertEquals(false, document.get("ok"));
    assertEquals("MISSING_IMAGE", ((Map<?, ?>) ((List<?>) document.get("problems")).getFirst()).get("kind"));
    assertEquals(2L, ((Map<?, ?>) document.get("diagnoses")).get("mel"));
  }

  @Test
  void verifySaysThatThereIsNoImage() throws IOException {
    Files.createDirectories(TestDataset.write(folder, 14).resolve("elsewhere"));
    for (String id : TestDataset.ids(14)) {
      Files.delete(folder.resolve("images/" + id + ".jpg"));
    }
    var bad = run("verify", "--data", folder, "--subset");
    assertEquals(1, bad.exitCode);
    assertTrue(bad.out.contains("Images     none\n"), bad.out);
  }

  /** Through the split's two steps and its folds. */
  @Test
  void aClassWithoutLesionsIsNamedWithFileAndColumn() throws IOException {
    TestDataset.write(folder, 42);
    var metadata = folder.resolve("HAM10000_metadata.csv");
    Files.writeString(metadata, Files.readString(metadata).replaceAll("(akiec|bcc|mel),histo", "nv,histo"));
    var split = run("split", "--data", folder, "--out", folder.resolve("out"));
    assertEquals(1, split.exitCode);
    assertEquals(
        "error: " + metadata + ", column dx: class malignant (akiec, bcc, mel) has 0 lesions; a stratified split "
            + "needs at least 2 of every class, add some of it",
        split.err.strip());
    var repeat = run("repeat", "--folds", "5", "--out", folder.resolve("series"), "--set", "data=" + folder);
    assertEquals(1, repeat.exitCode);
    assertTrue(
        repeat.err.contains("error: " + metadata + ", column dx: class malignant (akiec, bcc, mel) has 0 lesions, "
            + "too few for 5 folds; use fewer folds, or add some of it"),
        repeat.err);
  }

  @Test
  void whereASplitCannotBeWrittenIsOneLineWithARemedy() throws IOException {
    TestDataset.write(folder, 42);
    var file = Files.createFile(folder.resolve("out"));
    var split = run("split", "--data", folder, "--out", file);
    assertEquals(1, split.exitCode);
    assertEquals("error: " + file.resolve("split.csv") + ": cannot be written (" + file
        + " is there already and is no folder); check the folder, its permissions and its quota", split.err.strip());
  }

  @Test
  void theDigitsOfASplitAreThoseOfNoLanguage() throws IOException {
    TestDataset.write(folder, 42);
    var before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      var split = run("split", "--data", folder, "--out", folder.resolve("out"));
      assertFalse(split.out.matches("(?s).*[\\p{Nd}&&[^0-9]].*"), split.out);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void splitTakesNoImages() {
    var outcome = run("split", "--data", folder, "--images", folder, "--out", folder.resolve("out"));
    assertEquals(2, outcome.exitCode, outcome.err);
    assertTrue(outcome.err.contains("'--images'"), outcome.err);
  }

  @Test
  void missingMetadataIsOneLine() {
    var outcome = run("split", "--data", folder, "--out", folder.resolve("out"));
    assertEquals(1, outcome.exitCode);
    assertEquals(
        "error: " + folder.resolve("HAM10000_metadata.csv") + ": no such file; --data must name the folder that holds "
            + "HAM10000_metadata.csv",
        outcome.err.strip());
  }

  @Test
  void splitOfThePaper() {
    var out = folder.resolve("split");
    var outcome = run("split", "--data", SharedData.require("ham10000"), "--out", out, "--json");
    assertEquals(0, outcome.exitCode, outcome.err);
    var document = outcome.json();
    var test = (Map<?, ?>) document.get("test");
    assertEquals("942694e25ae4a09960ff2723577d15c12774226d1964e4cfe95f7cf0b9e36738", test.get("sha256"));
    assertEquals(Map.of("benign", 1199L, "malignant", 286L), test.get("classes"));
    assertEquals(0.619385964, (double) ((Map<?, ?>) document.get("class_weights")).get("benign"), 1e-9);
    assertTrue(Files.exists(out.resolve("split.csv")));
    var text = run("split", "--data", SharedData.require("ham10000"), "--out", out).out;
    assertTrue(text.contains("class weights  benign 0.6193860  malignant 2.5940485"), text);
    assertTrue(text.contains("{benign=5700, malignant=1361}"), text);
  }

  @Test
  void prepareWritesTheCacheAndTheFolders() throws IOException {
    TestDataset.write(folder, 42);
    var file = folder.resolve("out/a.cache");
    var args = new Object[] {"prepare", "--data", folder, "--size", "24x32", "--out", file, "--class-folders",
        folder.resolve("classes"),
        "--json"};
    var first = run(args);
    assertEquals(0, first.exitCode, first.err);
    assertEquals(42L, first.json().get("made"));
    assertTrue(first.err.contains("Images from " + folder.resolve("images")), first.err);
    assertTrue(first.err.contains("prepare 42/42 images"), first.err);
    try (var cache = ImageCache.open(file)) {
      assertEquals(42, cache.count());
      assertEquals(24, cache.height());
      assertEquals(32, cache.width());
    }
    // the class folders hold every image again under data, but the folder with most of them is still the first
    assertEquals(42L, run(args).json().get("kept"));
    assertTrue(Files.isDirectory(folder.resolve("classes/train/malignant")));
    assertEquals(2, run("prepare", "--data", folder, "--threads", "0").exitCode);
    assertEquals(2, run("prepare", "--data", folder, "--size", "big").exitCode);
    assertEquals(2, run("prepare", "--data", folder, "--resize", "cubic").exitCode);
  }
}
