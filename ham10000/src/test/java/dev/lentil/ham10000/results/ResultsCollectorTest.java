package dev.lentil.ham10000.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.Ensemble;
import dev.lentil.ham10000.evaluate.Patient;
import dev.lentil.ham10000.evaluate.Prediction;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.ham10000.train.Recipe;
import dev.lentil.ham10000.train.TestLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsCollectorTest {
  @TempDir
  Path folder;
  private Path results;
  private ExampleRuns runs;

  @BeforeEach
  void folders() {
    results = folder.resolve("results");
    runs = new ExampleRuns(folder.resolve("runs"));
  }

  /** A single malignant lesion among few: a single resample often holds none. */
  @Test
  void aRunOfFewLesionsIsJudged() throws IOException {
    for (int benign : new int[] {4, 5, 6, 7}) {
      Path run = runs.run(Recipe.PAPER_INTENT, 1, Subset.VALIDATION, Subset.TEST);
      var all = PredictionsFile.readIn(run);
      PredictionsFile.write(new Predictions(all.task(), List.of(Subset.VALIDATION, Subset.TEST).stream()
          .flatMap(subset -> few(all.of(subset), benign, 1)).toList()), run.resolve(PredictionsFile.FILE_NAME));
      ResultsCollector.add(results, List.of(run));
      ResultsPage.of(results, "results").write(folder.resolve("results.md"));
    }
  }

  @Test
  void aRunThatCannotBeJudgedIsNamedAndNotKept() throws IOException {
    Path run = runs.run(Recipe.PAPER_INTENT, 1, Subset.VALIDATION);
    var all = PredictionsFile.readIn(run);
    PredictionsFile.write(new Predictions(all.task(), few(all, 5, 0).toList()), run.resolve(PredictionsFile.FILE_NAME));
    assertRefused(run.resolve("predictions.csv") + ": the run cannot be quoted (Evaluation needs benign and malignant "
        + "validation images; there are 5 and 0; predict all images of the split); leave it out, or train one on more "
        + "lesions", run);
    assertFalse(Files.exists(results.resolve("paper-intent")));
  }

  /** The first images of each class, of different lesions. */
  private static Stream<Prediction> few(Predictions predictions, int benign, int malignant) {
    var lesions = new HashSet<String>();
    var rows = predictions.rows().stream().filter(row -> lesions.add(row.lesionId())).toList();
    return Stream.concat(rows.stream().filter(row -> row.label() == 0).limit(benign),
        rows.stream().filter(row -> row.label() == 1).limit(malignant));
  }

  private void assertRefused(String expected, Path... sources) {
    var message = assertThrows(UserError.class, () -> ResultsCollector.add(results, List.of(sources))).getMessage();
    assertTrue(message.contains(expected), message);
  }

  @Test
  void whatIsKeptIsSmallerAndSaysTheSameOfMalignancy() throws IOException {
    Path run = runs.run(Recipe.BEST, 1, Subset.TRAIN, Subset.VALIDATION, Subset.TEST);
    assertEquals(List.of("best/seed-1"), ResultsCollector.add(results, List.of(run)));
    Path kept = results.resolve("best/seed-1");
    var before = PredictionsFile.readIn(run);
    var after = PredictionsFile.readIn(kept);
    for (Subset subset : List.of(Subset.VALIDATION, Subset.TEST)) {
      assertEquals(QuotedRun.small(QuotedRun.malignancy(before.of(subset))),
          QuotedRun.malignancy(after.of(subset)), "to the last digit");
    }
    assertEquals(0, after.of(Subset.TRAIN).size());
    assertTrue(after.rows().stream().allMatch(row -> row.patient().equals(Patient.UNKNOWN)));
    assertEquals(before.of(Subset.TEST).rows().getFirst().classProbabilities().getFirst(),
        after.of(Subset.TEST).rows().getFirst().classProbabilities().getFirst(), 5e-5);
    assertEquals(-1, Files.mismatch(run.resolve("history.csv"), kept.resolve("history.csv")));
    try (var files = Files.walk(results)) {
      for (Path file : files.filter(Files::isRegularFile).filter(f -> !f.toString().endsWith(".gz")).toList()) {
        assertFalse(Files.readString(file).contains(folder.toString()), file + " holds a path of this machine");
      }
    }
    assertTrue(Files.readString(kept.resolve("config.properties")).contains("data = HAM10000\n"));
    assertTrue(Files.readString(kept.resolve("config.properties")).contains("weights = base.safetensors\n"));
  }

  @Test
  void aRunComesAgainWhenItHasLookedAtTheTest() throws IOException {
    Path run = runs.run(Recipe.BEST, 1, Subset.VALIDATION);
    ResultsCollector.add(results, List.of(run));
    assertFalse(Results.read(results).runs().getFirst().tested());
    runs.run(Recipe.BEST, 1, Subset.VALIDATION, Subset.TEST);
    ResultsCollector.add(results, List.of(run));
    assertTrue(Results.read(results).runs().getFirst().tested());

    // trained once more: other seconds
    Files.writeString(run.resolve("history.csv"),
        Files.readString(run.resolve("history.csv")).replace(",7.5\n", ",8\n"));
    Path other = runs.run(Recipe.FULL, 1, Subset.VALIDATION);
    assertRefused("best/seed-1: there is another training of these settings and seed", other, run);
    assertFalse(Files.exists(results.resolve("full")), "nothing is written where something is wrong");
    try (var files = Files.list(results.resolve("best"))) {
      assertEquals(List.of(results.resolve("best/seed-1")), files.toList(), "nothing is left beside it");
    }
  }

  @Test
  void whatCannotBeQuotedIsRefused() throws IOException {
    Path run = runs.run(Recipe.BEST, 1, Subset.VALIDATION);
    assertRefused("a second best/seed-1", run, run);
    Files.writeString(run.resolve("measurements.json"), "{");
    assertRefused("measurements.json: not the JSON that a run writes", run);
    Files.delete(run.resolve("measurements.json"));
    assertRefused("not finished", run);
    assertRefused("not the folder of a run", folder);
    assertFalse(Files.exists(results));
  }

  @Test
  void variantsHaveTheNameOfTheirFolder() throws IOException {
    var variants = new ArrayList<Path>();
    for (int seed = 1; seed <= 2; seed++) {
      variants.add(runs.variant("more-dropout", Recipe.PAPER_INTENT, "dropout=0.5", seed, Subset.VALIDATION));
    }
    assertEquals(List.of("more-dropout/seed-1", "more-dropout/seed-2"), ResultsCollector.add(results, variants));
    var series = new Series("more-dropout", Recipe.PAPER_INTENT, List.of("dropout=0.5"));
    assertEquals(List.of(series, series), Results.read(results).runs().stream().map(QuotedRun::series).toList());

    String other = "more-dropout/seed-3 is recipe paper-intent with dropout=0.6, and seed 1 of the same name is recipe "
        + "paper-intent with dropout=0.5";
    Path third = runs.variant("more-dropout", Recipe.PAPER_INTENT, "dropout=0.6", 3, Subset.VALIDATION);
    assertRefused(other, third);
    assertRefused("nearest is best, with dropout=0.5. A variant has the name of the folder that its runs are in, which "
        + "'full' cannot be; put them in another, such as best-changed",
        runs.variant("full", Recipe.BEST, "dropout=0.5", 1, Subset.VALIDATION));
    try (var files = Files.list(results)) {
      assertEquals(List.of(results.resolve("more-dropout")), files.toList(), "nothing is written of what is refused");
    }

    // of two that come together, and of what is kept by hand
    Path alone = folder.resolve("alone");
    var together =
        assertThrows(UserError.class, () -> ResultsCollector.add(alone, List.of(variants.getFirst(), third)));
    assertTrue(together.getMessage().contains("more-dropout"), together.getMessage());
    Path config = results.resolve("more-dropout/seed-2/config.properties");
    Files.writeString(config, Files.readString(config).replace("dropout = 0.5", "dropout = 0.6"));
    var kept = assertThrows(UserError.class, () -> Results.read(results)).getMessage();
    assertTrue(kept.contains("more-dropout/seed-2 is recipe paper-intent with dropout=0.6"), kept);
  }

  @Test
  void ensemblesComeWithTheirMembers() throws IOException {
    var members = List.of(runs.run(Recipe.BEST, 1, Subset.VALIDATION, Subset.TEST),
        runs.run(Recipe.BEST, 2, Subset.VALIDATION, Subset.TEST));
    Path ensemble = runs.ensemble("together", members,
        ExampleRuns.predictions(Recipe.BEST, 7, Subset.VALIDATION, Subset.TEST));
    assertRefused("its member best/seed-2 is not there", ensemble, members.getFirst());
    assertEquals(List.of("best/seed-1", "best/seed-2", "best/ensemble-dihedral"),
        ResultsCollector.add(results, List.of(ensemble, members.getFirst(), members.getLast())));
    assertEquals(List.of(1L, 2L), Results.read(results).ensembles().getFirst().seeds());
    assertRefused("a second best/ensemble-dihedral", ensemble, ensemble);
    // again, the same
    ResultsCollector.add(results, List.of(ensemble));
    Path history = members.getFirst().resolve("history.csv");
    String trained = Files.readString(history);
    Files.writeString(history, trained + "2,99,1,1,1,1,1,1,1,1\n");
    assertRefused(members.getFirst() + " is another training than best/seed-1", ensemble);
    Files.writeString(history, trained);
    PredictionsFile.write(ExampleRuns.predictions(Recipe.BEST, 8, Subset.VALIDATION, Subset.TEST),
        ensemble.resolve(PredictionsFile.FILE_NAME));
    assertRefused("there is another ensemble", ensemble);
    Path mixed = runs.ensemble("mixed", List.of(members.getFirst(), runs.run(Recipe.FULL, 1, Subset.VALIDATION)),
        ExampleRuns.predictions(Recipe.BEST, 1, Subset.VALIDATION));
    assertRefused("and this one is of best, full", mixed);
    Files.writeString(ensemble.resolve("ensemble.json"),
        Files.readString(ensemble.resolve("ensemble.json")).replace("dihedral", "as each run was evaluated"));
    assertRefused("the page makes it of the runs", ensemble);
  }

  @Test
  void ensemblesOfOtherSeedsAreJoined() throws IOException {
    var members = new ArrayList<Path>();
    var predictions = new ArrayList<Predictions>();
    for (int seed = 1; seed <= 3; seed++) {
      members.add(runs.run(Recipe.BEST, seed, Subset.VALIDATION, Subset.TEST));
      predictions.add(ExampleRuns.predictions(Recipe.BEST, seed + 10, Subset.VALIDATION, Subset.TEST));
    }
    var two = runs.ensemble("two", members.subList(0, 2), Ensemble.mean(predictions.subList(0, 2)));
    ResultsCollector.add(results, Stream.concat(members.stream(), Stream.of(two)).toList());
    var third = runs.ensemble("third", members.subList(2, 3), predictions.getLast());
    ResultsCollector.add(results, List.of(third));

    var kept = Results.read(results).ensembles().getFirst();
    assertEquals(List.of(1L, 2L, 3L), kept.seeds());
    var expected = Ensemble.mean(predictions).rows();
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).probability(), kept.predictions().rows().get(i).probability(), 1e-15);
    }
    assertRefused("there is another ensemble with some of these seeds", third);
    var others = runs.ensemble("others", members.subList(0, 1),
        ExampleRuns.predictions(Recipe.BEST, 1, Subset.TEST));
    Files.writeString(results.resolve("best/ensemble-dihedral/ensemble.json"),
        "{\"runs\": [\"best/seed-2\"], \"views\": \"dihedral\"}");
    assertRefused("the ensemble there is not of the same images", others);
  }

  /** What was joined to it in weeks is in the old folder alone. */
  @Test
  void aKillBetweenTheTwoMovesLosesNothing() throws IOException {
    Path run = runs.run(Recipe.BEST, 1, Subset.VALIDATION, Subset.TEST);
    Path ablations = runs.ablations();
    ResultsCollector.add(results, List.of(run, ablations));
    Files.move(results.resolve("best/seed-1"), results.resolve("best/.seed-1.old"));
    assertEquals(List.of("best/seed-1"), Results.read(results).runs().stream().map(QuotedRun::name).toList());

    String rows = Files.readString(results.resolve("ablations/ablations.csv"));
    String added = "late,stage2.epochs=16,0.9010 ± 0.0010,+0.0010,20.0\n";
    Path table = ablations.resolve("ablations.csv");
    Files.writeString(table,
        Files.readString(table).lines().limit(2).collect(Collectors.joining("\n", "", "\n")) + added);
    Files.move(results.resolve("ablations"), results.resolve(".ablations.old"));
    ResultsCollector.add(results, List.of(ablations));
    assertEquals(rows + added, Files.readString(results.resolve("ablations/ablations.csv")));
    assertFalse(Files.exists(results.resolve(".ablations.old")));
  }

  @Test
  void logsOfSeveralFoldersBecomeOne() throws IOException {
    runs.log("best-2", "2026-01-02T00:00:00Z");
    runs.log("chosen-by-test", "2026-01-01T00:00:00Z");
    Path run = runs.run(Recipe.BEST, 2, Subset.VALIDATION, Subset.TEST);
    ResultsCollector.add(results, List.of(run));
    Path ablations = runs.ablations();
    new ExampleRuns(ablations).log("base-seed-1", "2026-01-03T00:00:00Z");
    ResultsCollector.add(results, List.of(run, ablations));
    assertEquals(List.of("runs/chosen-by-test", "runs/best-2", "ablations/base-seed-1"),
        TestLog.read(results.resolve(TestLog.FILE_NAME)).stream().map(TestLog.Look::run).toList());
  }

  @Test
  void aSeedOfABaseThatIsStillTrainedIsNotQuoted() throws IOException {
    Path ablations = runs.ablations();
    Files.delete(ablations.resolve("base-seed-2/measurements.json"));
    ResultsCollector.add(results, List.of(ablations));
    assertEquals(List.of(1L), QuotedAblations.readKept(results.resolve("ablations")).seeds());
  }

  @Test
  void rowsOfAblationsOfTheSameBaseAreJoined() throws IOException {
    Path ablations = runs.ablations();
    assertRefused("a second ablations", ablations, ablations);
    ResultsCollector.add(results, List.of(ablations));
    assertEquals(List.of(1L, 2L), QuotedAblations.readKept(results.resolve("ablations")).seeds());

    Path table = ablations.resolve("ablations.csv");
    String header = "name,what differs,validation AUC,from the base,s an epoch\n";
    String base = "base,\"recipe best, resolution=96x96\",0.9000 ± 0.0010,,";
    String others = "nearest,resize=nearest,0.8800 ± 0.0020,-0.0200,30.1\n"
        + "binary,mode=binary,0.8910 ± 0.0020,-0.0090,31.0\n";
    Files.writeString(table, header + base + "20.0\nlong,stage2.epochs=16,0.9010 ± 0.0010,+0.0010,20.0\n");
    ResultsCollector.add(results, List.of(ablations));
    Files.writeString(table, header + base + "30.0\n" + others);
    ResultsCollector.add(results, List.of(ablations));
    assertEquals(
        header + base + "30.0\nlong,stage2.epochs=16,0.9010 ± 0.0010,+0.0010,20.0\n" + others,
        Files.readString(results.resolve("ablations/ablations.csv")));

    Files.writeString(table, header + base.replace("0.9000", "0.9001") + "30.0\n");
    assertRefused("the row of its base is not that of " + results.resolve("ablations"), ablations);
    Files.writeString(table, header + base + "30.0\n");
    Path config = ablations.resolve("base-seed-2/config.properties");
    Files.writeString(config, Files.readString(config).replace("96x96", "128x128"));
    assertRefused("the configuration of its base is not that of", ablations);
    assertTrue(Files.readString(results.resolve("ablations/ablations.csv")).endsWith(others), "nothing was written");
  }
}
