package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestLogTest {
  @TempDir
  Path folder;

  /** Through a link to itself; whoever tests may enter every folder. */
  @Test
  void aLogThatCannotBeReachedIsNotTakenForNone() throws IOException {
    Path loop = folder.resolve("loop");
    Path log = Files.createSymbolicLink(loop, loop).resolve(TestLog.FILE_NAME);
    var e = assertThrows(UserError.class, () -> TestLog.read(log));
    assertTrue(e.getMessage().startsWith(log + ": cannot be read (Too many levels of symbolic links"), e.getMessage());
    e = assertThrows(UserError.class, () -> TestLog.requireWritable(loop.resolve("run")));
    assertTrue(e.getMessage().startsWith(log + ": every look at the test images is logged there, and it cannot be "
        + "written (Too many levels of symbolic links"), e.getMessage());
  }

  @Test
  void noLogIsNoLook() {
    assertEquals(List.of(), TestLog.read(folder.resolve("none").resolve(TestLog.FILE_NAME)));
    TestLog.requireWritable(folder.resolve("none/run"));
  }

  /** Else some of the looks would stand elsewhere, and the others say less than there was. */
  @Test
  void aLookThroughALinkStandsBesideTheFolderItself() throws IOException {
    Path runs = Files.createDirectory(folder.resolve("runs"));
    Path run = Files.createDirectory(runs.resolve("seed-7"));
    Path link = Files.createSymbolicLink(folder.resolve("chosen"), run);
    var program = new Program("1", "r");
    TestLog.add(run, program, "", "train", 0.75);
    TestLog.requireWritable(link);
    TestLog.add(link, program, "", "evaluate", 0.5);
    assertEquals(List.of("seed-7 train 0.75", "seed-7 evaluate 0.5"),
        TestLog.read(runs.resolve(TestLog.FILE_NAME)).stream()
            .map(look -> look.run() + " " + look.purpose() + " " + look.auc()).toList());
    assertEquals(List.of(), TestLog.read(folder.resolve(TestLog.FILE_NAME)));
  }
}
