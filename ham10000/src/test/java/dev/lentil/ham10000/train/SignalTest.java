package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.testing.Prerequisite;
import dev.lentil.train.Checkpoint;
import dev.lentil.train.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals to training processes. */
class SignalTest {
  /** A shell starts what it puts into the background with SIGINT ignored, and that goes on to whoever is started by it. */
  private static final List<String> LISTENING = List.of("env", "--default-signal");

  @TempDir
  Path folder;

  /** A process that is asked to stop and does not. */
  static final class Stubborn {
    public static void main(String[] args) throws InterruptedException {
      try (var _ = new StopSignals(() -> {}, System.out::println)) {
        System.out.println("ready");
        Thread.sleep(60_000);
      }
    }
  }

  @BeforeEach
  void requireEnv() throws InterruptedException {
    var command = Stream.concat(LISTENING.stream(), Stream.of("true")).toList();
    int exitCode = -1;
    try {
      exitCode = new ProcessBuilder(command).start().waitFor();
    } catch (IOException _) {
      // there is no env
    }
    if (exitCode != 0) {
      Prerequisite.absent("'" + String.join(" ", command) + "' does not work here, so no signal is sent; install GNU "
          + "coreutils 8.31 or newer");
    }
  }

  @Test
  void trainingStopsAtACheckpointAndGoesOnToTheSameBits() throws Exception {
    var ham = new SmallHam(folder.resolve("ham"), 60);
    Path whole = folder.resolve("whole");
    String[] settings = {"--set", "stage1.epochs=1", "--set", "stage2.epochs=1"};
    TestRuns.lentil(0, ham.train(whole, settings));
    Path run = folder.resolve("run");
    // so seldom that a checkpoint inside an epoch is there only because of the signal
    String[] seldom = {"--set", "stage1.epochs=1", "--set", "stage2.epochs=1", "--set", "checkpoint.batches=100000",
        "--set", "checkpoint.seconds=100000"};
    Path printed = folder.resolve("printed.txt");
    Process process = TestRuns.start(LISTENING, ham.train(run, seldom), printed);
    waitFor(process, printed, "stage 1 (head)");
    signal("INT", process);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    String said = Files.readString(printed);
    assertEquals(130, process.exitValue(), said);
    Position at = Checkpoint.read(run.resolve("checkpoint.safetensors")).position();
    assertTrue(said.contains("SIGINT: stopping after this batch; once more stops at once"), said);
    assertTrue(said.contains("stopped in stage " + at.stage() + ", epoch " + at.epoch() + ", after " + at.batch()
        + " batches; './lentil train --resume " + run + "' goes on from there"), said);
    assertTrue(!said.contains("error"), said);

    process = TestRuns.start(LISTENING, List.of("train", "--resume", run.toString()), folder.resolve("again.txt"));
    waitFor(process, folder.resolve("again.txt"), "going on in epoch");
    signal("TERM", process);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(143, process.exitValue());

    process = TestRuns.start(LISTENING, List.of("train", "--resume", run.toString()), folder.resolve("third.txt"));
    waitFor(process, folder.resolve("third.txt"), "going on in epoch");
    signal("HUP", process);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    said = Files.readString(folder.resolve("third.txt"));
    assertEquals(129, process.exitValue(), said);
    assertTrue(said.contains("SIGHUP: stopping after this batch"), said);
    TestRuns.resume(0, run);
    TestRuns.assertSameResult(whole, run, "after three signals");
  }

  @Test
  void aSecondOneStopsAtOnce() throws Exception {
    Path printed = folder.resolve("printed.txt");
    Process process = stubborn(LISTENING, printed);
    signal("INT", process);
    waitFor(process, printed, "SIGINT: stopping");
    signal("INT", process);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(130, process.exitValue());
  }

  /** A terminal that is closed sends it to the shell, which hands it on, and when the shell ends the system sends it as well. */
  @Test
  void aSecondHangupIsThatOfTheSameTerminal() throws Exception {
    Path printed = folder.resolve("printed.txt");
    Process process = stubborn(LISTENING, printed);
    signal("HUP", process);
    waitFor(process, printed, "SIGHUP: stopping");
    signal("HUP", process);
    assertFalse(process.waitFor(1, TimeUnit.SECONDS));
    signal("TERM", process);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(143, process.exitValue());
  }

  /** As nohup has it ignored. */
  @Test
  void aHangupThatIsIgnoredStaysIgnored() throws Exception {
    Path printed = folder.resolve("printed.txt");
    Process process = stubborn(List.of("env", "--default-signal", "--ignore-signal=HUP"), printed);
    signal("HUP", process);
    signal("TERM", process);
    waitFor(process, printed, "SIGTERM: stopping");
    assertFalse(Files.readString(printed).contains("SIGHUP"));
    signal("TERM", process);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(143, process.exitValue());
  }

  /** One that listens to signals. */
  private static Process stubborn(List<String> prefix, Path printed) throws Exception {
    var command = new ArrayList<>(prefix);
    command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Stubborn.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed.toFile()).start();
    waitFor(process, printed, "ready");
    return process;
  }

  private static void signal(String name, Process process) throws Exception {
    // the shell's own kill, since small containers have no other
    assertEquals(0, new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor());
  }

  private static void waitFor(Process process, Path printed, String text) throws Exception {
    while (!Files.exists(printed) || !Files.readString(printed).contains(text)) {
      assertTrue(process.isAlive(), () -> "it ended before it said " + text);
      Thread.sleep(2);
    }
  }
}
