package dev.lentil.ham10000.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.CsvTable;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.Ensemble;
import dev.lentil.ham10000.evaluate.ExamplePredictions;
import dev.lentil.ham10000.evaluate.Patient;
import dev.lentil.ham10000.evaluate.Prediction;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.ham10000.train.Recipe;
import dev.lentil.ham10000.train.TestLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsCollectorTest {
  private static final Metadata METADATA = ExamplePredictions.metadata();

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
      ResultsCollector.add(results, List.of(run), METADATA);
      Path page = folder.resolve("results.md");
      ResultsPage.of(results, "results", METADATA).write(page);
      assertTrue(Files.readString(page).contains("paper-intent"), Files.readString(page));
      QuotedRun kept = Results.read(results, METADATA).runs().getFirst();
      assertEquals(benign + 1, kept.predictions().of(Subset.TEST).size());
    }
  }

  @Test
  void aRunThatCannotBeJudgedIsNamedAndNotKept() throws IOException {
    Path run = runs.run(Recipe.PAPER_INTENT, 1, Subset.VALIDATION);
    var all = PredictionsFile.readIn(run);
    PredictionsFile.write(new Predictions(all.task(), few(all, 5, 0).toList()), run.resolve(PredictionsFile.FILE_NAME));
    assertRefused(run.resolve("predictions.csv") + ": the run cannot be quoted (evaluation needs benign and malignant "
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
    var message =
        assertThrows(UserError.class, () -> ResultsCollector.add(results, List.of(sources), METADATA)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  @Test
  void whatIsKeptIsSmallerAndSaysTheSameOfMalignancy() throws IOException {
    Path run = runs.run(Recipe.BEST, 1, Subset.TRAIN, Subset.VALIDATION, Subset.TEST);
    assertEquals(List.of("best/seed-1"), ResultsCollector.add(results, List.of(run), METADATA));
    Path kept = results.resolve("best/seed-1");
    var before = PredictionsFile.readIn(run);
    var after = QuotedPredictions.readIn(kept, () -> METADATA);
    for (Subset subset : List.of(Subset.VALIDATION, Subset.TEST)) {
      assertEquals(QuotedPredictions.small(QuotedPredictions.malignancy(before.of(subset))),
          QuotedPredictions.malignancy(after.of(subset)), "to the last digit");
    }
    assertEquals(0, after.of(Subset.TRAIN).size());
    assertHoldsProbabilitiesAlone(kept.resolve("predictions.csv.gz"));
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

  /** What the data set says of an image is under its licence, and its order of images goes by diagnoses. */
  static void assertHoldsProbabilitiesAlone(Path file) {
    var table = CsvTable.read(file, "");
    assertTrue(
        table.header().stream().allMatch(column -> column.matches("image_id|probability|p_[a-z]+")),
        file + " has the columns " + table.header());
    var images = table.lines().stream().map(line -> line.get("image_id")).toList();
    assertEquals(images.stream().sorted().toList(), images, file.toString());
  }

  /** Nothing of it is kept, so it must be at hand, and the same. */
  @Test
  void otherMetadataThanTheRunHadIsRefused() throws IOException {
    Path run = runs.run(Recipe.BEST, 1, Subset.VALIDATION, Subset.TEST);
    ResultsCollector.add(results, List.of(run), METADATA);
    var test = ExamplePredictions.split().of(Subset.TEST).getFirst().row();
    String remedy = "; --data must name the folder of the ";

    var renamed = new Metadata.Row("another", test.imageId(), test.diagnosis(), test.confirmation(), test.age(),
        test.sex(), test.localization());
    var added = refusal(test, Stream.of(renamed), other -> ResultsCollector.add(results, List.of(run), other));
    assertTrue(added.startsWith(run.resolve("predictions.csv") + ": image "), added);
    assertTrue(added.contains(", and by example.csv ") && added.contains(remedy), added);

    var read = refusal(test, Stream.of(), other -> Results.read(results, other));
    assertTrue(read.startsWith(results.resolve("best/seed-1/predictions.csv.gz") + ", line "), read);
    assertTrue(read.contains("example.csv" + remedy), read);
  }

  /** The page is made of all runs, so with such a folder it could never be made again. */
  @Test
  void aRunOfAnotherDataSetThanThoseThatAreKeptIsRefused() throws IOException {
    ResultsCollector.add(results, List.of(runs.run(Recipe.BEST, 1, Subset.VALIDATION, Subset.TEST)), METADATA);
    Path kept = results.resolve("best/seed-1/predictions.csv.gz");
    String text;
    try (var in = new GZIPInputStream(Files.newInputStream(kept))) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    try (var out = new GZIPOutputStream(Files.newOutputStream(kept))) {
      out.write(text.replace("I_", "OTHER_").getBytes(StandardCharsets.UTF_8));
    }
    assertRefused(kept + ", line 2: image OTHER_", runs.run(Recipe.PAPER_INTENT, 1, Subset.VALIDATION, Subset.TEST));
    assertFalse(Files.exists(results.resolve("paper-intent")));
  }

  /** With others in place of a row. */
  private static String refusal(Metadata.Row row, Stream<Metadata.Row> others, Consumer<Metadata> use) {
    var rows = Stream.concat(METADATA.rows().stream().filter(r -> !r.equals(row)), others).toList();
    return assertThrows(UserError.class, () -> use.accept(new Metadata(METADATA.file(), rows))).getMessage();
  }

  @Test
  void aRunComesAgainWhenItHasLookedAtTheTest() throws IOException {
    Path run = runs.run(Recipe.BEST, 1, Subset.VALIDATION);
    ResultsCollector.add(results, List.of(run), METADATA);
    assertFalse(Results.read(results, METADATA).runs().getFirst().tested());
    runs.run(Recipe.BEST, 1, Subset.VALIDATION, Subset.TEST);
    ResultsCollector.add(results, List.of(run), METADATA);
    assertTrue(Results.read(results, METADATA).runs().getFirst().tested());

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
    Files.writeString(run.resolve("measurements.json"), "{\"peakMemoryBytes\": 1, \"peakMemoryKind\": \"resident\"}");
    assertRefused("measurements.json: not the measurements that a run writes; './lentil train --resume " + run
        + "' writes them again", run);
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
    assertEquals(List.of("more-dropout/seed-1", "more-dropout/seed-2"),
        ResultsCollector.add(results, variants, METADATA));
    var series = new Series("more-dropout", Recipe.PAPER_INTENT, List.of("dropout=0.5"));
    assertEquals(List.of(series, series),
        Results.read(results, METADATA).runs().stream().map(QuotedRun::series).toList());

    String other = "more-dropout/seed-3 is recipe paper-intent with dropout=0.6, and seed 1 of the same name is recipe "
        + "paper-intent with dropout=0.5";
    Path third = runs.variant("more-dropout", Recipe.PAPER_INTENT, "dropout=0.6", 3, Subset.VALIDATION);
    assertRefused(other, third);
    assertRefused("nearest is best, with dropout=0.5. A variant has the name of the folder that its runs are in, which "
        + "'full' cannot be; put them in another, such as best-changed",
        runs.variant("full", Recipe.BEST, "dropout=0.5", 1, Subset.VALIDATION));
    // there its runs would be among what is kept of ablations
    assertRefused("which 'ablations' cannot be",
        runs.variant("ablations", Recipe.BEST, "dropout=0.5", 1, Subset.VALIDATION));
    try (var files = Files.list(results)) {
      assertEquals(List.of(results.resolve("more-dropout")), files.toList(), "nothing is written of what is refused");
    }

    // of two that come together, and of what is kept by hand
    Path alone = folder.resolve("alone");
    var together =
        assertThrows(UserError.class, () -> ResultsCollector.add(alone, List.of(variants.getFirst(), third), METADATA));
    assertTrue(together.getMessage().contains("more-dropout"), together.getMessage());
    Path config = results.resolve("more-dropout/seed-2/config.properties");
    Files.writeString(config, Files.readString(config).replace("dropout = 0.5", "dropout = 0.6"));
    var kept = assertThrows(UserError.class, () -> Results.read(results, METADATA)).getMessage();
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
        ResultsCollector.add(results, List.of(ensemble, members.getFirst(), members.getLast()), METADATA));
    assertEquals(List.of(1L, 2L), Results.read(results, METADATA).ensembles().getFirst().seeds());
    assertRefused("a second best/ensemble-dihedral", ensemble, ensemble);
    // again, the same
    ResultsCollector.add(results, List.of(ensemble), METADATA);
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
    ResultsCollector.add(results, Stream.concat(members.stream(), Stream.of(two)).toList(), METADATA);
    var third = runs.ensemble("third", members.subList(2, 3), predictions.getLast());
    ResultsCollector.add(results, List.of(third), METADATA);

    var kept = Results.read(results, METADATA).ensembles().getFirst();
    assertEquals(List.of(1L, 2L, 3L), kept.seeds());
    for (Subset subset : List.of(Subset.VALIDATION, Subset.TEST)) {
      assertArrayEquals(Ensemble.mean(predictions).of(subset).probabilities(),
          kept.predictions().of(subset).probabilities(), 1e-15);
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
    ResultsCollector.add(results, List.of(run, ablations), METADATA);
    Files.move(results.resolve("best/seed-1"), results.resolve("best/.seed-1.old"));
    assertEquals(List.of("best/seed-1"), Results.read(results, METADATA).runs().stream().map(QuotedRun::name).toList());

    String rows = Files.readString(results.resolve("ablations/ablations.csv"));
    String added = "late,stage2.epochs=16,0.9010 ± 0.0010,+0.0010,20.0\n";
    Path table = ablations.resolve("ablations.csv");
    Files.writeString(table,
        Files.readString(table).lines().limit(2).collect(Collectors.joining("\n", "", "\n")) + added);
    Files.move(results.resolve("ablations"), results.resolve(".ablations.old"));
    ResultsCollector.add(results, List.of(ablations), METADATA);
    assertEquals(rows + added, Files.readString(results.resolve("ablations/ablations.csv")));
    assertFalse(Files.exists(results.resolve(".ablations.old")));
  }

  /** Its old folder is still there beside the new one, which it must not replace. */
  @Test
  void aKillAfterTheTwoMovesLosesNothing() throws IOException {
    ResultsCollector.add(results, List.of(runs.run(Recipe.BEST, 1, Subset.VALIDATION, Subset.TEST)), METADATA);
    Path old = Files.createDirectory(results.resolve("best/.seed-1.old"));
    Files.createFile(old.resolve("config.properties"));
    assertEquals(List.of("best/seed-1"), Results.read(results, METADATA).runs().stream().map(QuotedRun::name).toList());
  }

  /** A folder that was renamed, or whose recipe has changed since, would be quoted as what it is not. */
  @Test
  void aKeptRunUnderTheNameOfAnotherIsRefused() throws IOException {
    ResultsCollector.add(results, List.of(runs.run(Recipe.BEST, 1, Subset.VALIDATION)), METADATA);
    Path renamed = Files.move(results.resolve("best/seed-1"), results.resolve("best/seed-2"));
    String message = assertThrows(UserError.class, () -> Results.read(results, METADATA)).getMessage();
    assertTrue(message.startsWith(renamed + ": its settings are those of best/seed-1; remove the folder"), message);
  }

  @Test
  void logsOfSeveralFoldersBecomeOne() throws IOException {
    runs.log("best-2", "2026-01-02T00:00:00Z");
    runs.log("chosen-by-test", "2026-01-01T00:00:00Z");
    Path run = runs.run(Recipe.BEST, 2, Subset.VALIDATION, Subset.TEST);
    ResultsCollector.add(results, List.of(run), METADATA);
    Path ablations = runs.ablations();
    new ExampleRuns(ablations).log("base-seed-1", "2026-01-03T00:00:00Z");
    ResultsCollector.add(results, List.of(run, ablations), METADATA);
    assertEquals(List.of("runs/chosen-by-test", "runs/best-2", "ablations/base-seed-1"),
        TestLog.read(results.resolve(TestLog.FILE_NAME)).stream().map(TestLog.Look::run).toList());
  }

  @Test
  void theLogIsFoundThroughALinkToARun() throws IOException {
    runs.log("best-2", "2026-01-02T00:00:00Z");
    Path run = runs.run(Recipe.BEST, 2, Subset.VALIDATION, Subset.TEST);
    Path elsewhere = Files.createDirectories(results.resolveSibling("elsewhere"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("chosen"), run);
    ResultsCollector.add(results, List.of(link), METADATA);
    assertEquals(List.of("runs/best-2"),
        TestLog.read(results.resolve(TestLog.FILE_NAME)).stream().map(TestLog.Look::run).toList());
  }

  @Test
  void aSeedOfABaseThatIsStillTrainedIsNotQuoted() throws IOException {
    Path ablations = runs.ablations();
    Files.delete(ablations.resolve("base-seed-2/measurements.json"));
    ResultsCollector.add(results, List.of(ablations), METADATA);
    assertEquals(List.of(1L), QuotedAblations.readKept(results.resolve("ablations")).seeds());
  }

  @Test
  void rowsOfAblationsOfTheSameBaseAreJoined() throws IOException {
    Path ablations = runs.ablations();
    assertRefused("a second ablations", ablations, ablations);
    ResultsCollector.add(results, List.of(ablations), METADATA);
    assertEquals(List.of(1L, 2L), QuotedAblations.readKept(results.resolve("ablations")).seeds());

    Path table = ablations.resolve("ablations.csv");
    String header = "name,what differs,validation AUC,from the base,s an epoch\n";
    String base = "base,\"recipe best, resolution=96x96\",0.9000 ± 0.0010,,";
    String others = "nearest,resize=nearest,0.8800 ± 0.0020,-0.0200,30.1\n"
        + "binary,mode=binary,0.8910 ± 0.0020,-0.0090,31.0\n";
    Files.writeString(table, header + base + "20.0\nlong,stage2.epochs=16,0.9010 ± 0.0010,+0.0010,20.0\n");
    ResultsCollector.add(results, List.of(ablations), METADATA);
    Files.writeString(table, header + base + "30.0\n" + others);
    ResultsCollector.add(results, List.of(ablations), METADATA);
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
