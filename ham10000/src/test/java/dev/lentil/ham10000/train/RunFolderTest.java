package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir
  Path folder;

  /** Another process that tries to take a run's folder, and prints what came of it. */
  static final class Other {
    public static void main(String[] args) {
      try (var _ = RunFolder.open(Path.of(args[0]))) {
        System.out.println("taken");
      } catch (UserError e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void aFolderThatHoldsARunIsNotStartedAgain() throws Exception {
    Path run = folder.resolve("run");
    try (var _ = RunFolder.create(run)) {
      Files.writeString(RunFolder.config(run), "");
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

  /** Through a link to itself; whoever tests may enter every folder. */
  @Test
  void whatCannotBeReachedIsNotCalledAFolderWithoutARun() throws Exception {
    Path loop = folder.resolve("loop");
    Path run = Files.createSymbolicLink(loop, loop).resolve("run");
    var e = assertThrows(UserError.class, () -> RunFolder.open(run));
    assertTrue(e.getMessage().startsWith(RunFolder.config(run) + ": cannot be read (Too many levels of symbolic links"),
        e.getMessage());
  }

  @Test
  void theSameProcessCannotTakeItTwice() throws Exception {
    try (var taken = RunFolder.create(folder.resolve("run"))) {
      Files.writeString(RunFolder.config(taken.path()), "");
      for (int i = 0; i < 2; i++) {
        var e = assertThrows(UserError.class, () -> RunFolder.open(taken.path()));
        assertTrue(e.getMessage().contains("another process is working"), e.getMessage());
      }
      // a refusal within the process does not give the lock away
      assertTrue(otherProcess(taken.path()).contains("is working in this run's folder"));
    }
  }

  /** For evaluate and --resume, which have no --run, as well. */
  @Test
  void whatCannotBeLockedHasARemedyForEveryCommand() throws Exception {
    Files.createDirectory(folder.resolve(".lock"));
    var e = assertThrows(UserError.class, () -> RunFolder.create(folder));
    assertEquals(
        folder + ": the run's folder cannot be locked (Is a directory); make it writable, or choose another",
        e.getMessage());
  }

  @Test
  void anotherProcessIsRefusedWhileItIsTakenAndToldByWhom() throws Exception {
    Path run = folder.resolve("run");
    try (var _ = RunFolder.create(run)) {
      Files.writeString(RunFolder.config(run), "");
      String said = otherProcess(run);
      assertTrue(said.contains("(process " + ProcessHandle.current().pid() + " on ") && said.contains(", started 20"),
          said);
    }
    assertEquals("taken", otherProcess(run));
  }

  private static String otherProcess(Path run) throws Exception {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Other.class.getName(), run.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var lines = process.inputReader()) {
      String line = lines.readLine();
      process.waitFor();
      return line;
    }
  }

  @Test
  void aLockOfAProcessThatDiedHoldsNobodyUp() throws Exception {
    Path run = folder.resolve("run");
    try (var _ = RunFolder.create(run)) {
      Files.writeString(RunFolder.config(run), "");
    }
    // what a killed process leaves: the file, without the lock
    Files.writeString(run.resolve(".lock"), "process 1 on nowhere\n");
    try (var taken = RunFolder.open(run)) {
      assertEquals(run, taken.path());
      assertThrows(UserError.class, () -> RunFolder.open(run), "the lock is held again");
    }
  }

  @Test
  void whatADeadProcessWasWritingIsRemovedAndWhatALivingOneIsWritingIsNot() throws Exception {
    Path run = folder.resolve("run");
    long living = ProcessHandle.current().parent().orElseThrow().pid();
    RunFolder.create(run).close();
    Path dead = Files.writeString(run.resolve("a.csv.4194999-1.tmp"), "");
    Path own = Files.writeString(run.resolve("b.csv." + ProcessHandle.current().pid() + "-1.tmp"), "");
    Path other = Files.writeString(run.resolve("c.csv." + living + "-1.tmp"), "");
    Path users = Files.writeString(run.resolve("notes.tmp"), "");
    RunFolder.create(run).close();
    assertEquals(List.of(false, false, true, true), Stream.of(dead, own, other, users).map(Files::exists).toList());
  }
}
