package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.testing.files.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose disk fails, at every operation on it in turn. */
class SurvivalTest {
  private static final Consumer<TrainingEvent> SILENT = _ -> {};
  private static final String BACKEND = TinyRun.backends().findFirst().orElseThrow();

  @TempDir
  Path folder;

  /** Two stages of one epoch. */
  private static TinyRun tiny() {
    return new TinyRun(1, 1, 10, FinalWeights.BEST, 1).withAveraging();
  }

  private static void assertSame(TinyRun.Result expected, TinyRun.Result result, String when) {
    assertTrue(expected.sameBits(result), "weights differ " + when);
    assertEquals(expected.numbers(), result.numbers(), when);
  }

  @Test
  void killedAtAnOperationOnItsFilesItEndsWithTheSameBits() throws IOException {
    killAtEvery(17);
  }

  @Test
  @Tag("exhaustive")
  void killedAtAnyOperationOnItsFilesItEndsWithTheSameBits() throws IOException {
    killAtEvery(1);
  }

  /** @param write how many of the many operations that write a part of a file go by for one that is the last */
  private void killAtEvery(int write) throws IOException {
    var whole = tiny().run(BACKEND, Optional.empty(), SILENT);
    Disk counted = disk("counted");
    tiny().run(BACKEND, Optional.of(counted.path("checkpoint.safetensors")), SILENT);
    int operations = counted.operations().size();
    assertTrue(operations > 80, operations + " operations");
    int kills = 0;
    for (int i = 0; i < operations; i++) {
      if (counted.operations().get(i).startsWith("write") && i % write != 0) {
        continue;
      }
      kills++;
      Disk disk = disk("run-" + i);
      Path file = disk.path("checkpoint.safetensors");
      disk.dieAt(i);
      // only the flush of a folder may fail unnoticed
      try {
        tiny().run(BACKEND, Optional.of(file), SILENT);
      } catch (RuntimeException e) {
        assertTrue(e.getMessage().contains("killed"), e.getMessage());
      }
      disk.mend();
      assertSame(whole, tiny().run(BACKEND, Optional.of(file), SILENT), "after " + counted.operations().get(i));
    }
    System.out.println("killed at " + kills + " of " + operations + " operations, the same bits each time");
  }

  @Test
  void aFullDiskLeavesTheCheckpointAndSaysHowMuchIsNeeded() throws IOException {
    var whole = tiny().run(BACKEND, Optional.empty(), SILENT);
    Disk disk = disk("full");
    Path file = disk.path("checkpoint.safetensors");
    Consumer<TrainingEvent> fill = event -> {
      if (event instanceof TrainingEvent.BatchDone done && done.position().equals(new Position(2, 1, 2))) {
        leave(disk, 1000);
      }
    };
    var e = assertThrows(RuntimeException.class, () -> tiny().run(BACKEND, Optional.of(file), fill));
    assertTrue(e.getMessage().matches(".*checkpoint\\.safetensors: cannot be written \\(No space left on device\\); "
        + "it needs [0-9,]+ bytes and 1,000 are free there; make room"), e.getMessage());
    assertEquals(new Position(2, 1, 1), Checkpoint.read(file).position());
    disk.mend();
    assertSame(whole, tiny().run(BACKEND, Optional.of(file), SILENT), "after the disk was full");
  }

  private static void leave(Disk disk, long bytes) {
    try {
      disk.leave(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Disk disk(String name) throws IOException {
    return new Disk(Files.createDirectories(folder.resolve(name)));
  }
}
