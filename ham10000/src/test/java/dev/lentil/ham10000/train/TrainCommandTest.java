package dev.lentil.ham10000.train;

import static dev.lentil.ham10000.train.TestRuns.lentil;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.data.Sha256;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.json.Json;
import dev.lentil.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands train, evaluate and predict on a small folder of drawn pictures. */
class TrainCommandTest {
  @TempDir
  static Path folder;
  private static SmallHam ham;
  private static Path first;
  private static String printed;

  @BeforeAll
  static void train() throws IOException {
    ham = new SmallHam(folder.resolve("ham"), 100);
    first = folder.resolve("first");
    printed = lentil(0, ham.train(first));
  }

  @Test
  void aRunLeavesEverythingInItsFolder() throws IOException {
    for (String name : List.of("config.properties", "environment.json", "split.csv", "split.sha256", "labels.txt",
        "history.csv",
        "best.safetensors", "last.safetensors", "checkpoint.safetensors", "log.txt", "predictions.csv",
        "evaluation.json",
        "measurements.json", "report.html")) {
      assertTrue(Files.size(first.resolve(name)) > 0, name);
    }
    assertEquals(5, Files.readAllLines(first.resolve("history.csv")).size());
    for (String name : List.of("log.txt", "report.html", "evaluation.json", "config.properties")) {
      assertTrue(Files.readString(first.resolve(name)).contains(Disclaimer.TEXT), name);
    }
    assertTrue(printed.contains("Trainable: only the head; 1,281 parameters"), printed);
    assertTrue(printed.contains("tensors below the cut of stage head, moving statistics included, are what they were"),
        printed);
    assertTrue(printed.contains("Peak memory: "), printed);
    assertTrue(printed.contains("optimistic"), printed);
  }

  @Test
  void theSameSeedGivesTheSameBytesForAnyNumberOfThreads() throws IOException {
    Path again = folder.resolve("again");
    lentil(0, ham.train(again, "--set", "threads=1", "--set", "evaluation.batch=7"));
    assertSameWeights(first, again);
    Path other = folder.resolve("other");
    lentil(0, ham.train(other, "--set", "seed=43"));
    assertNotEquals(-1, Files.mismatch(first.resolve("last.safetensors"), other.resolve("last.safetensors")));
  }

  private static void assertSameWeights(Path a, Path b) throws IOException {
    for (String name : List.of("best.safetensors", "last.safetensors")) {
      assertEquals(-1, Files.mismatch(a.resolve(name), b.resolve(name)), name);
    }
  }

  /** All levers at once, continued from a checkpoint in the middle of an epoch. */
  @Test
  void everyLeverAtOnceEndsWithTheSameBytesWhenResumed() throws Exception {
    var levers = List.of("augmentation.quarter-turns=true", "augmentation.brightness=0.2", "augmentation.hue=0.05",
        "augmentation.contrast=0.2", "augmentation.saturation=0.2", "sampling=balanced", "class-weights=none",
        "label-smoothing=0.1", "weight-averaging=0.9", "weight-decay=0.01", "stage2.schedule=cosine",
        "stage2.warm-up=0.5", "stage2.layer-decay=0.9", "evaluation.test=false", "restore-best=false");
    var args = levers.stream().flatMap(lever -> Stream.of("--set", lever)).toArray(String[]::new);
    Path whole = folder.resolve("levers");
    Path kept = folder.resolve("kept.safetensors");
    Thread keeper = Thread.ofPlatform().daemon().start(() -> keep(whole.resolve("checkpoint.safetensors"), kept));
    String text = lentil(0, ham.train(whole, args));
    keeper.join();
    assertTrue(text.contains("No test image was looked at"), text);
    assertFalse(text.contains("Test images") || text.contains("Report: "), text);
    assertFalse(Files.exists(whole.resolve("report.html")));
    assertEquals(0, PredictionsFile.read(whole.resolve("predictions.csv")).of(Split.Subset.TEST).size());
    assertTrue(Files.readString(whole.resolve("evaluation.json")).contains(Disclaimer.TEXT));
    Path resumed = folder.resolve("levers-resumed");
    Files.createDirectories(resumed);
    Files.copy(whole.resolve("config.properties"), resumed.resolve("config.properties"));
    Files.move(kept, resumed.resolve("checkpoint.safetensors"));
    lentil(0, List.of("train", "--resume", resumed.toString()));
    assertEquals(-1, Files.mismatch(whole.resolve("last.safetensors"), resumed.resolve("last.safetensors")));
    lentil(0, List.of("evaluate", whole.toString()));
    assertFalse(Files.readString(folder.resolve(TestLog.FILE_NAME)).contains("levers"));
  }

  /** Copies the first checkpoint that is in the middle of an epoch of stage 2. */
  private static void keep(Path checkpoint, Path copy) {
    try {
      while (true) {
        try {
          Files.copy(checkpoint, copy, StandardCopyOption.REPLACE_EXISTING);
          Checkpoint read = Checkpoint.read(copy);
          if (read.position().stage() == 2 && read.position().batch() > 0) {
            System.out.println("resumed at " + read.position());
            assertTrue(read.average().isPresent());
            return;
          }
        } catch (NoSuchFileException _) {
          // not there yet, or being replaced
        }
        Thread.sleep(1);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyLookAtTheTestImagesIsLogged() throws IOException {
    Path log = folder.resolve(TestLog.FILE_NAME);
    var before = Files.readAllLines(log);
    assertEquals("time,run,build,config_sha256,purpose,test_auc", before.getFirst());
    lentil(0, List.of("evaluate", first.toString()));
    var after = Files.readAllLines(log);
    assertEquals(before, after.subList(0, before.size()));
    assertEquals(before.size() + 1, after.size());
    String[] fields = after.getLast().split(",");
    assertEquals("first", fields[1]);
    assertEquals(Sha256.hex(Files.readAllBytes(first.resolve("config.properties"))), fields[3]);
    assertEquals("evaluate", fields[4]);
    assertEquals(Evaluation.of(PredictionsFile.read(first.resolve("predictions.csv"))).test().auc().estimate(),
        Double.parseDouble(fields[5]));
  }

  @Test
  void evaluateFindsTheSameAgain() throws IOException {
    byte[] predictions = Files.readAllBytes(first.resolve("predictions.csv"));
    byte[] evaluation = Files.readAllBytes(first.resolve("evaluation.json"));
    Files.delete(first.resolve("predictions.csv"));
    var document = Json.parse(lentil(0, List.of("evaluate", first.toString(), "--json")));
    assertArrayEquals(predictions, Files.readAllBytes(first.resolve("predictions.csv")));
    assertArrayEquals(evaluation, Files.readAllBytes(first.resolve("evaluation.json")));
    assertEquals(Json.parse(Files.readAllBytes(first.resolve("evaluation.json"))), document);
  }

  @Test
  void predictGivesWhatTheEvaluationGave() {
    var row = PredictionsFile.read(first.resolve("predictions.csv")).of(Split.Subset.TEST).rows().getFirst();
    String image = ham.images().resolve(row.imageId() + ".png").toString();
    for (var source : List.of(List.of("--run", first.toString()),
        List.of("--weights", first.resolve("best.safetensors").toString()))) {
      var args = new ArrayList<>(List.of("predict", image, "--json"));
      args.addAll(source);
      if (Json.parse(lentil(0, args)) instanceof Map<?, ?> document
          && document.get("predictions") instanceof List<?> list
          && list.getFirst() instanceof Map<?, ?> prediction && prediction.get("probability") instanceof Double p) {
        assertEquals(row.probability(), p, 1e-6);
        assertEquals(image, prediction.get("file"));
      } else {
        throw new AssertionError("not the document expected");
      }
      args.remove("--json");
      String text = lentil(0, args);
      assertTrue(text.contains("probability of malignancy") && text.contains(Disclaimer.TEXT), text);
    }
  }

  @Test
  void sevenClassesTrainToo() throws IOException {
    var larger = new SmallHam(folder.resolve("larger"), 300);
    Path run = folder.resolve("seven");
    String text = lentil(0,
        larger.train(run, "--set", "mode=seven-class", "--set", "stage1.epochs=1", "--set", "stage2.epochs=1"));
    assertTrue(text.contains("Seven diagnoses: macro AUC"), text);
    assertEquals(7, Files.readAllLines(run.resolve("labels.txt")).size());
    lentil(0, List.of("predict", larger.images().resolve("DEMO_0000000.png").toString(), "--run", run.toString()));
  }

  @Test
  void whatIsWrongIsSaidInOneLine() {
    String text = lentil(1, ham.train(first));
    assertTrue(text.contains("there is a run in this folder already"), text);
    text = lentil(1, List.of("train", "--resume", folder.toString()));
    assertTrue(text.contains("not the folder of a run"), text);
    text = lentil(1, ham.train(folder.resolve("wide"), "--set", "alpha=1.0"));
    assertTrue(text.contains("alpha 0.35") && text.contains("set alpha = 0.35"), text);
    text = lentil(2, List.of("train", "--resume", first.toString(), "--preset", "full"));
    assertTrue(text.contains("--preset is not for --resume"), text);
    text = lentil(1, List.of("train", "--resume", first.toString(), "--set", "seed=1"));
    assertTrue(text.contains("seed 42 -> 1: a run that has begun cannot go on with another seed"), text);
    text = lentil(2, List.of("predict", "a.jpg"));
    assertTrue(text.contains("--run"), text);
    text = lentil(1, List.of("predict", folder.resolve("none.png").toString(), "--run", first.toString()));
    assertTrue(text.contains("no such image"), text);
  }

  @Test
  void printConfigIsAFileToStartFrom() {
    String text = lentil(0, List.of("train", "--preset", "paper-intent", "--set", "seed=5", "--print-config"));
    assertTrue(text.contains("stage2.cut = paper-intent\n") && text.contains("seed = 5\n"), text);
    text = lentil(2, List.of("train", "--preset", "paper", "--print-config"));
    assertTrue(text.contains("'--preset': 'paper' is none of [paper-literal, "), text);
    text = lentil(0, List.of("train", "--set", "seed=5", "--print-config", "--json"));
    var document = (Map<?, ?>) Json.parse(text);
    assertEquals("5", ((Map<?, ?>) document.get("configuration")).get("seed"));
    text = lentil(2, List.of("train", "--resume", first.toString(), "--print-config"));
    assertTrue(text.contains("config.properties"), text);
  }
}
