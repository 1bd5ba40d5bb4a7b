package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Averages of runs and of views, on a small folder of drawn pictures. */
class EnsembleCommandTest {
  @TempDir
  static Path folder;
  private static SmallHam ham;
  private static Path one;
  private static Path two;

  private static String lentil(int exitCode, String... args) {
    return TestRuns.lentil(exitCode, List.of(args));
  }

  private static Path train(String name, String... settings) {
    Path run = folder.resolve(name);
    var args = new ArrayList<>(ham.train(run, "--set", "stage1.epochs=1", "--set", "stage2.epochs=1"));
    Stream.of(settings).forEach(setting -> args.addAll(List.of("--set", setting)));
    TestRuns.lentil(0, args);
    return run;
  }

  @BeforeAll
  static void train() throws IOException {
    ham = new SmallHam(folder.resolve("ham"), 100);
    one = train("one", "seed=1");
    two = train("two", "seed=2", "evaluation.views=dihedral");
  }

  @Test
  void theMeanOfTheRunsIsJudgedAndLogged() throws IOException {
    Path out = folder.resolve("both");
    String text = lentil(0, "ensemble", one.toString(), two.toString(), "--out", out.toString());
    assertTrue(text.contains("chosen by") && text.contains("validation"), text);
    assertTrue(text.contains("logistic regression on age, sex and site, no image: AUC"), text);
    var first = PredictionsFile.read(one.resolve("predictions.csv"));
    var second = PredictionsFile.read(two.resolve("predictions.csv"));
    var mean = PredictionsFile.read(out.resolve("predictions.csv"));
    assertEquals(first.size(), mean.size());
    for (int i = 0; i < mean.size(); i++) {
      assertEquals((first.probabilities()[i] + second.probabilities()[i]) / 2, mean.probabilities()[i], 1e-15);
    }
    assertTrue(
        Pattern.compile("\"../one\",\\s+\"../two\"").matcher(Files.readString(out.resolve("ensemble.json"))).find());
    var log = Files.readAllLines(folder.resolve(TestLog.FILE_NAME));
    assertTrue(log.stream().anyMatch(line -> line.contains(",both,") && line.contains(",ensemble,")), log.toString());
    assertTrue(lentil(1, "ensemble", one.toString(), "--out", out.toString()).contains("an evaluation in this folder"));

    // stopped before it was written, it is made again; the look at the test images counts
    byte[] evaluation = Files.readAllBytes(out.resolve("evaluation.json"));
    Files.delete(out.resolve("evaluation.json"));
    lentil(0, "ensemble", one.toString(), two.toString(), "--out", out.toString());
    assertArrayEquals(evaluation, Files.readAllBytes(out.resolve("evaluation.json")));
    assertEquals(2, Files.readAllLines(folder.resolve(TestLog.FILE_NAME)).stream()
        .filter(line -> line.contains(",both,")).count());
  }

  @Test
  void theLookIsLoggedBeforeTheEvaluationIsThere() throws IOException {
    Path out = folder.resolve("elsewhere/unlogged");
    Files.createDirectories(out.resolveSibling(TestLog.FILE_NAME));
    String text = lentil(1, "ensemble", one.toString(), two.toString(), "--out", out.toString());
    assertTrue(text.contains(out.resolveSibling(TestLog.FILE_NAME) + ": every look at the test images"), text);
    assertFalse(Files.exists(out));
  }

  @Test
  void aRunIsNotReplacedAndNoneCountsTwice() throws IOException {
    byte[] predictions = Files.readAllBytes(two.resolve("predictions.csv"));
    Path evaluation = two.resolve("evaluation.json");
    Path away = Files.move(evaluation, folder.resolve("away.json"));
    try {
      assertTrue(lentil(1, "ensemble", one.toString(), "--out", two.toString())
          .contains(two + ": this is the folder of a run; choose another with --out"));
    } finally {
      Files.move(away, evaluation);
    }
    assertArrayEquals(predictions, Files.readAllBytes(two.resolve("predictions.csv")));
    Path link = Files.createSymbolicLink(folder.resolve("link"), one);
    for (Path again : List.of(one.resolve("../one"), link)) {
      assertTrue(lentil(2, "ensemble", one.toString(), again.toString(), "--out", folder.resolve("twice").toString())
          .contains("a run is named twice, " + one.toRealPath() + "; name each once"));
    }
  }

  @Test
  void theReportTellsWhatIsAlikeOnceAndWhatDiffersOfEach() throws IOException {
    Path out = folder.resolve("reported");
    lentil(0, "ensemble", one.toString(), two.toString(), "--out", out.toString());
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("mean of 2 networks</h1>"), page);
    assertTrue(page.contains("one, two, each trained as its own report says"), page);
    assertTrue(page.contains("<dt>seed</dt><dd>1; 2</dd>"), page);
    assertTrue(page.contains("<dt>batch</dt><dd>16</dd>"), page);
    assertTrue(page.contains("<dt>evaluation.views</dt><dd>1; dihedral</dd>"), page);
    assertTrue(page.contains("mean over the 2 networks"), page);
    assertTrue(page.contains("id=\"figure-3\""), page);
    assertFalse(page.contains("id=\"training\""), page);
    assertTrue(Files.exists(out.resolve("figures/roc.svg")));
  }

  /** Of one network that is a mean of one: its maps are those of the run's own report. */
  @Test
  void theMapsOfOneNetworkAreItsOwn() throws IOException {
    Path out = folder.resolve("alone");
    lentil(0, "ensemble", one.toString(), "--out", out.toString());
    assertEquals(cases(one), cases(out));
  }

  private static String cases(Path run) throws IOException {
    String page = Files.readString(run.resolve("report.html"));
    int begin = page.indexOf("<section id=\"cases\">");
    return page.substring(begin, page.indexOf("</section>", begin));
  }

  @Test
  void networksOfOtherSizesHaveNoMapsInCommon() throws IOException {
    Path larger = train("larger", "resolution=48x48", "stage2.cut=full");
    Path out = folder.resolve("sizes");
    lentil(0, "ensemble", one.toString(), larger.toString(), "--out", out.toString());
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("images of different sizes, so there are no maps"), page);
    assertTrue(page.contains("<dt>resolution</dt><dd>32x32; 48x48</dd>"), page);
    assertTrue(page.contains("cut block_13_expand and cut full, mean of 2 networks</h1>"), page);
    assertFalse(page.contains("id=\"cases\""), page);
    assertFalse(page.contains("id=\"figure-3\""), "the layers' shapes differ");
  }

  @Test
  void withoutAnImageThereIsNoReportButAllElse() throws IOException {
    var rows = PredictionsFile.read(one.resolve("predictions.csv")).of(Subset.VALIDATION).rows();
    Path image = ham.images().resolve(rows.getFirst().imageId() + ".png");
    Path away = folder.resolve("away.png");
    Path out = folder.resolve("imageless");
    Files.move(image, away);
    try {
      String text = lentil(0, "ensemble", one.toString(), two.toString(), "--out", out.toString());
      assertTrue(text.contains("No report: ") && text.contains(rows.getFirst().imageId()), text);
    } finally {
      Files.move(away, image);
    }
    assertTrue(Files.exists(out.resolve("evaluation.json")));
    assertFalse(Files.exists(out.resolve("report.html")));
  }

  /** Predicted anew, a run with the views that it was evaluated with gives what it gave. */
  @Test
  void viewsOfOneRun() throws IOException {
    Path out = folder.resolve("views");
    lentil(0, "ensemble", two.toString(), "--views", "dihedral", "--out", out.toString());
    assertEquals(-1, Files.mismatch(two.resolve("predictions.csv"), out.resolve("predictions.csv")));
    Path plain = folder.resolve("plain");
    lentil(0, "ensemble", two.toString(), "--views", "1", "--out", plain.toString());
    assertTrue(Files.mismatch(two.resolve("predictions.csv"), plain.resolve("predictions.csv")) >= 0);
    assertTrue(lentil(2, "ensemble", two.toString(), "--views", "9", "--out", folder.resolve("none").toString())
        .contains("dihedral"));
  }

  /** Before the first run is predicted, which without one of its images would be the error. */
  @Test
  void viewsThatOneOfTheRunsCannotHaveAreBadUsage() throws IOException {
    Path wide = train("wide", "resolution=32x48");
    var rows = PredictionsFile.read(one.resolve("predictions.csv")).of(Subset.VALIDATION).rows();
    Path image = ham.images().resolve(rows.getFirst().imageId() + ".png");
    Path away = Files.move(image, folder.resolve("turned.png"));
    try {
      String text = lentil(2, "ensemble", one.toString(), wide.toString(), "--views", "dihedral", "--out",
          folder.resolve("turned").toString());
      assertTrue(
          text.startsWith("error: --views, key evaluation.views: 'dihedral' cannot be used; an image that is not "
              + "square cannot be turned; use flips"),
          text);
      assertTrue(text.contains(" (run " + wide + ")\n"), text);
    } finally {
      Files.move(away, image);
    }
  }

  @Test
  void viewsOfOtherImagesThanTheRunsAreRefused() throws IOException {
    var rows = PredictionsFile.read(two.resolve("predictions.csv")).of(Subset.VALIDATION).rows();
    Path image = ham.images().resolve(rows.getFirst().imageId() + ".png");
    byte[] bytes = Files.readAllBytes(image);
    Files.copy(ham.images().resolve(rows.getLast().imageId() + ".png"), image, StandardCopyOption.REPLACE_EXISTING);
    try {
      String text =
          lentil(1, "ensemble", two.toString(), "--views", "1", "--out", folder.resolve("changed").toString());
      assertTrue(text.contains("1 of ") && text.contains("images are not those that the run began with, first "
          + rows.getFirst().imageId()), text);
    } finally {
      Files.write(image, bytes);
    }
  }

  @Test
  void singleImagesAreJudgedWithTheSameViews() {
    var row = PredictionsFile.read(two.resolve("predictions.csv")).of(Subset.VALIDATION).rows().getFirst();
    String image = ham.images().resolve(row.imageId() + ".png").toString();
    if (Json.parse(lentil(0, "predict", image, "--run", two.toString(), "--json")) instanceof Map<?, ?> document
        && document.get("predictions") instanceof List<?> list
        && list.getFirst() instanceof Map<?, ?> prediction && prediction.get("probability") instanceof Double p) {
      assertEquals(row.probability(), p, 1e-6);
    } else {
      throw new AssertionError("not the document expected");
    }
  }

  @Test
  void runsThatDoNotFitAreRefused() throws IOException {
    Path validation = train("validation", "evaluation.test=false");
    String text = lentil(1, "ensemble", one.toString(), validation.toString(), "--out", folder.resolve("x").toString());
    assertTrue(text.contains("cannot be averaged") && text.contains("test images or none"), text);
    Path seven = train("seven", "mode=seven-class", "early-stopping.monitor=val_loss");
    // without the other monitor it does not begin: its validation has no akiec
    text = lentil(1, ham.train(folder.resolve("refused"), "--set", "mode=seven-class").toArray(String[]::new));
    assertTrue(text.contains("the validation subset has no image of class akiec (the data has 5)")
        && text.contains("or watch another number with early-stopping.monitor = val_loss"), text);
    text = lentil(1, "ensemble", one.toString(), seven.toString(), "--out", folder.resolve("x").toString());
    assertTrue(text.contains("seven-class"), text);
    Path other = train("other", "split.seed=7");
    text = lentil(1, "ensemble", one.toString(), other.toString(), "--out", folder.resolve("x").toString());
    assertTrue(text.contains("not of the same split") || text.contains(" images, one of "), text);
    assertTrue(lentil(1, "ensemble", folder.toString(), "--out", folder.resolve("x").toString())
        .contains("not the folder of a run"));
    assertFalse(Files.exists(folder.resolve("x")));
  }
}
