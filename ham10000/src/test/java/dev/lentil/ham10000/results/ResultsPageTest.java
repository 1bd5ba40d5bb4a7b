package dev.lentil.ham10000.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.ExamplePredictions;
import dev.lentil.ham10000.train.Recipe;
import dev.lentil.metrics.DeLong;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ResultsPageTest {
  private static final Path KEPT = Path.of("results");
  private static final Metadata METADATA = ExamplePredictions.metadata();
  private static final Path PAGE = Path.of("..", "docs", "results.md");

  @TempDir
  Path folder;

  /** The text alternative of a figure, which holds its values; where things lie depends on the machine's fonts. */
  private static String said(String svg) {
    return svg.replaceFirst("(?s).*aria-label=\"([^\"]*)\".*", "$1");
  }

  @Test
  void theCommittedPageIsThatOfTheCommittedRuns() throws IOException {
    var page = ResultsPage.of(KEPT, ResultsPage.name(PAGE),
        Metadata.read(SharedData.require("ham10000/" + Metadata.FILE_NAME)));
    String remedy = "docs/results.md is not what ham10000/results gives; write it anew with './lentil results'";
    assertEquals(page.markdown(), Files.readString(PAGE), remedy);
    for (var figure : page.figures().entrySet()) {
      assertEquals(said(figure.getValue()),
          said(Files.readString(PAGE.resolveSibling("results").resolve(figure.getKey()))), remedy);
    }
  }

  /** What docs/evaluation.md says of intervals that take images for independent. */
  @Test
  void intervalsThatCountImagesAreTooNarrow() throws IOException {
    var metadata = Metadata.read(SharedData.require("ham10000/" + Metadata.FILE_NAME));
    var test = QuotedPredictions.readIn(KEPT.resolve("best/seed-1"), () -> metadata).of(Subset.TEST);
    var images = DeLong.of(test.labels(), test.probabilities()).interval(0, 0.95);
    var lesions = DeLong.clustered(test.labels(), test.lesionNumbers(), test.probabilities()).interval(0, 0.95);
    assertEquals(0.75, (images.upper() - images.lower()) / (lesions.upper() - lesions.lower()), 0.05);
    String said = "(AUC by DeLong %.3f to %.3f, by lesions %.3f to %.3f, of `best`, seed 1)".formatted(images.lower(),
        images.upper(), lesions.lower(), lesions.upper());
    String page = Files.readString(PAGE.resolveSibling("evaluation.md"));
    assertTrue(page.replaceAll("\\s+", " ").contains(said), said);
  }

  /** HAM10000 is no part of the project, and its licence is another. */
  @Test
  void nothingThatHam10000SaysOfAnImageIsCommitted() throws IOException {
    try (var files = Files.walk(KEPT)) {
      var packed = files.filter(file -> file.toString().endsWith(".gz")).toList();
      assertTrue(packed.size() > 20, () -> packed.size() + " files");
      packed.forEach(ResultsCollectorTest::assertHoldsProbabilitiesAlone);
    }
  }

  /** Through a link to itself; whoever tests may enter every folder. */
  @Test
  void resultsThatCannotBeReachedAreNotCalledNone() throws IOException {
    Path loop = folder.resolve("loop");
    Path results = Files.createSymbolicLink(loop, loop).resolve("results");
    var e = assertThrows(UserError.class, () -> ResultsPage.of(results, "results", METADATA));
    assertTrue(e.getMessage().startsWith(results + ": the folder cannot be read (Too many levels of symbolic links"),
        e.getMessage());
  }

  private Path example() throws IOException {
    var runs = new ExampleRuns(folder.resolve("runs"));
    var added = new ArrayList<Path>();
    for (Recipe recipe : List.of(Recipe.PAPER_LITERAL, Recipe.PAPER_INTENT, Recipe.BEST)) {
      for (int seed = 1; seed <= (recipe == Recipe.BEST ? 3 : 2); seed++) {
        added.add(runs.run(recipe, seed, Subset.VALIDATION, Subset.TEST));
      }
    }
    added.add(runs.ensemble("together", added.subList(4, 7),
        ExampleRuns.predictions(Recipe.BEST, 9, Subset.VALIDATION, Subset.TEST)));
    added.add(runs.ablations());
    for (int seed = 1; seed <= 2; seed++) {
      added.add(runs.variant("more-dropout", Recipe.PAPER_INTENT, "dropout=0.5", seed, Subset.VALIDATION));
      added.add(runs.variant("less-dropout", Recipe.PAPER_INTENT, "dropout=0.1", seed, Subset.VALIDATION, Subset.TEST));
    }
    added.add(runs.ensemble("less", added.stream().filter(run -> run.toString().contains("less-")).toList(),
        ExampleRuns.predictions(Recipe.BEST, 8, Subset.VALIDATION, Subset.TEST)));
    runs.log("best-1", "2026-01-01T00:00:00Z");
    Path results = folder.resolve("results");
    ResultsCollector.add(results, added, METADATA);
    Files.writeString(results.resolve("notes.md"), "## A note\n\nKept by hand.\n");
    return results;
  }

  @Test
  void everyPartIsThere() throws IOException {
    Path results = example();
    var page = ResultsPage.of(results, "page", METADATA);
    String text = page.markdown();
    for (String expected : List.of("| `best`: seeds judged by the test images | 3 | 3 | met |",
        "| `paper-intent`: seeds judged by the test images | 5 | 2 | not yet |",
        "`best`, mean of seeds 1, 2, 3 and 8 views", "`paper-literal`, mean of seeds 1, 2 |", "| `best`, seed 3 |",
        "| mel (malignant) |", "Seeds: 1, 2.", "| `best` | `paper-intent` |", "| `best` | `paper-literal` |",
        "On test, compared as above. Seeds: 1, 2.", "| `paper-intent` | `less-dropout` |",
        "The base has 96x96 pixels; seeds 1, 2.", "| binary | mode=binary | 0.8900 ± 0.0020 |",
        "| `more-dropout`, seed 2 |", "2.00 GiB, resident",
        "| runs/best-1 | 1 abc |", "logistic regression on age, sex and site", "always benign", "Kept by hand.",
        "(page/roc.svg)", "Research and teaching only. Not a medical device.")) {
      assertTrue(text.contains(expected), () -> expected + " is not in\n" + text);
    }
    assertTrue(Pattern.compile("""
        \\| `paper-intent` \\|  \\| 1, 2 \\| (\\S+ ± \\S+) \\|  \\| 0\\.\\d{4} ± 0\\.\\d{4} \\|
        .*
        \\| `less-dropout` \\| dropout=0\\.1 \\| 1, 2 \\| \\1 \\| \\+0\\.0000 \\| 0\\.\\d{4} ± 0\\.\\d{4} \\|
        .*
        \\| `less-dropout`, mean of seeds 1, 2 and 8 views \\|.*
        \\| `more-dropout` \\| dropout=0\\.5 \\| 1, 2 \\| \\1 \\| \\+0\\.0000 \\| not looked at \\|
        """).matcher(text).find(), text);
    assertEquals(List.of("roc.svg", "seeds.svg", "reliability.svg"), List.copyOf(page.figures().keySet()));
    page.write(folder.resolve("page.md"));
    assertTrue(Files.readString(folder.resolve("page/roc.svg")).startsWith("<svg"));
  }

  @Test
  void fewerSeedsThanAskedForAreNotJudged() throws IOException {
    var runs = new ExampleRuns(folder.resolve("runs"));
    Path results = folder.resolve("results");
    ResultsCollector.add(results, List.of(runs.run(Recipe.BEST, 1, Subset.VALIDATION, Subset.TEST),
        runs.run(Recipe.BEST, 2, Subset.VALIDATION, Subset.TEST)), METADATA);
    String text = ResultsPage.of(results, "page", METADATA).markdown();
    var row = Pattern.compile("test AUC, mean of seeds \\| 0\\.9100 \\| 0\\.\\d+ ± 0\\.\\d+ \\| not yet judged \\|");
    assertTrue(row.matcher(text).find(), text);
  }

  /** A mean over the runs that have looked would be one of a choice. */
  @Test
  void aRecipeOfWhichSomeRunsHaveNotLookedHasNoTestFigures() throws IOException {
    var runs = new ExampleRuns(folder.resolve("runs"));
    Path results = folder.resolve("results");
    ResultsCollector.add(results, List.of(runs.run(Recipe.BEST, 1, Subset.VALIDATION, Subset.TEST),
        runs.run(Recipe.BEST, 2, Subset.VALIDATION)), METADATA);
    var page = ResultsPage.of(results, "page", METADATA);
    assertEquals(page, ResultsPage.of(results, "page", METADATA), "the same bytes each time");
    String text = page.markdown();
    assertTrue(text.contains("| not looked at |"), text);
    assertTrue(text.contains("| `best`: test AUC, mean of seeds | 0.9100 |  | not yet judged |"), text);
    assertTrue(text.contains("There was none"), text);
  }
}
