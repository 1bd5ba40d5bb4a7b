package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir
  Path folder;

  /** Another process that tries to take a run's folder: exit code 0 if it gets it, 1 if it is refused. */
  static final class Other {
    public static void main(String[] args) {
      try (var _ = RunFolder.open(Path.of(args[0]))) {
        System.out.println("taken");
      } catch (UserError e) {
        System.out.println(e.getMessage());
        System.exit(1);
      }
    }
  }

  @Test
  void aFolderThatHoldsARunIsNotStartedAgain() throws Exception {
    Path run = folder.resolve("run");
    try (var taken = RunFolder.create(run)) {
      Files.writeString(taken.config(), "");
    }
    var e = assertThrows(UserError.class, () -> RunFolder.create(run));
    assertTrue(e.getMessage().contains("--resume " + run), e.getMessage());
    RunFolder.open(run).close();
  }

  @Test
  void aFolderWithoutARunCannotBeContinued() {
    var e = assertThrows(UserError.class, () -> RunFolder.open(folder));
    assertTrue(e.getMessage().contains("not the folder of a run"), e.getMessage());
  }

  @Test
  void theSameProcessCannotTakeItTwice() throws Exception {
    try (var taken = RunFolder.create(folder.resolve("run"))) {
      Files.writeString(taken.config(), "");
      var e = assertThrows(UserError.class, () -> RunFolder.open(taken.path()));
      assertTrue(e.getMessage().contains("another process is working"), e.getMessage());
    }
  }

  @Test
  void anotherProcessIsRefusedWhileItIsTaken() throws Exception {
    try (var taken = RunFolder.create(folder.resolve("run"))) {
      Files.writeString(taken.config(), "");
      assertEquals(1, otherProcess(taken.path()));
    }
    assertEquals(0, otherProcess(folder.resolve("run")));
  }

  private static int otherProcess(Path run) throws Exception {
    return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp", System.getProperty("java.class.path"), Other.class.getName(), run.toString()).inheritIO()
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
  }

  @Test
  void aLockOfAProcessThatDiedHoldsNobodyUp() throws Exception {
    Path run = folder.resolve("run");
    try (var taken = RunFolder.create(run)) {
      Files.writeString(taken.config(), "");
    }
    // what a killed process leaves: the file, without the lock
    FileChannel.open(run.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
    RunFolder.open(run).close();
  }
}
