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
}
