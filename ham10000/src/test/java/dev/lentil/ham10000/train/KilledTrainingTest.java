package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills training processes at seeded random moments: as with {@code kill -9}, nothing in them gets to know. */
class KilledTrainingTest {
  private static final int SEED = 2026;
  private static final String[] SHORT = {"--set", "stage1.epochs=1", "--set", "stage2.epochs=2"};

  @TempDir
  static Path folder;
  private static SmallHam ham;
  private static Path whole;
  private static long milliseconds;

  @BeforeAll
  static void trainUninterrupted() throws Exception {
    ham = new SmallHam(folder.resolve("ham"), 60);
    whole = folder.resolve("whole");
    long started = System.nanoTime();
    Process process = TestRuns.start(ham.train(whole, SHORT), folder.resolve("whole.txt"));
    assertTrue(process.waitFor(120, TimeUnit.SECONDS) && process.exitValue() == 0,
        () -> read(folder.resolve("whole.txt")));
    milliseconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
  }

  @Test
  void threeTimes() throws Exception {
    for (int i = 0; i < 3; i++) {
      killAndResume(i);
    }
  }

  @Test
  @Tag("exhaustive")
  void twentyTimes() throws Exception {
    for (int i = 3; i < 23; i++) {
      killAndResume(i);
    }
  }

  private static void killAndResume(int number) throws Exception {
    Philox random = Philox.at(SEED, number, 0, RandomUse.TEST.operation());
    Path run = folder.resolve("run-" + number);
    Path printed = folder.resolve("run-" + number + ".txt");
    String moment = kill(TestRuns.start(ham.train(run, SHORT), printed), run, number % 3, random);
    if (number % 2 == 1 && Runs.isRun(run)) {
      moment += ", then " + kill(TestRuns.start(List.of("train", "--resume", run.toString()), printed), run,
          (number + 1) % 3, random);
    }
    System.out.println("killed " + moment);
    if (Runs.isRun(run)) {
      TestRuns.resume(0, run);
    } else {
      // killed before there was anything to go on from
      TestRuns.lentil(0, ham.train(run, SHORT));
    }
    TestRuns.assertSameResult(whole, run, "after a kill " + moment);
  }

  /** Waits for the moment and kills; a process that is over by then is a moment too. */
  private static String kill(Process process, Path run, int kind, Philox random) throws Exception {
    String moment = switch (kind) {
      case 0 -> {
        long after = milliseconds * random.below(1000, kind, 0) / 1000;
        process.waitFor(after, TimeUnit.MILLISECONDS);
        yield "after " + after + " ms";
      }
      case 1 -> "while writing " + waitFor(process, run, 1 + random.below(40, kind, 0),
          name -> name.endsWith(".tmp"));
      default -> "at the change of " + waitFor(process, run, 1 + random.below(50, kind, 0),
          name -> !name.endsWith(".tmp") && !name.startsWith("log.txt"));
    };
    boolean alive = process.isAlive();
    process.destroyForcibly().waitFor();
    return moment + (alive ? "" : " (it was over)");
  }

  /** Waits until so many new files were seen in the run's folder; one that was replaced is a new one. */
  private static String waitFor(Process process, Path run, int count, Predicate<String> wanted)
      throws InterruptedException {
    String last = "nothing";
    Map<String, Object> before = Map.of();
    for (int seen = 0; process.isAlive() && seen < count;) {
      Map<String, Object> now = files(run);
      for (var file : now.entrySet()) {
        if (wanted.test(file.getKey()) && !file.getValue().equals(before.get(file.getKey()))) {
          last = file.getKey();
          seen++;
        }
      }
      before = now;
      // the process that is watched may have but this core
      Thread.sleep(0, 300_000);
    }
    return last;
  }

  /** By name, with what tells one file from the next of that name. */
  private static Map<String, Object> files(Path run) {
    var keys = new TreeMap<String, Object>();
    try (var files = Files.newDirectoryStream(run)) {
      for (Path file : files) {
        keys.put(file.getFileName().toString(), Files.readAttributes(file, BasicFileAttributes.class).fileKey());
      }
    } catch (IOException | DirectoryIteratorException _) {
      // not there yet, or a file went away while looking
    }
    return keys;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
