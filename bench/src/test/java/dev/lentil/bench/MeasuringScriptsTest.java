package dev.lentil.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.testing.Prerequisite;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that measure beside other programs, with made-up ones in their place: what they do where one fails. */
class MeasuringScriptsTest {
  private static final Path BENCH = SharedData.repositoryRoot().resolve("bench");

  @TempDir
  private Path folder;

  private record Ran(int exitCode, String out, String err) {}

  private Ran run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return Prerequisite.absent(command[0] + " is absent: install it (" + e.getMessage() + ")");
    }
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "still running");
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** The first contender says nothing as it ends, and Lentil takes no part. */
  @Test
  void aContenderThatFailsCostsNeitherTheTableNorTheJson() throws IOException, InterruptedException {
    Path modules = Files.createDirectories(folder.resolve("modules"));
    Files.writeString(modules.resolve("torch.py"), "raise SystemExit(3)\n");
    String anything = """
        import sys
        from unittest.mock import MagicMock
        sys.modules[__name__] = MagicMock(__version__="1")
        """;
    Files.writeString(modules.resolve("keras.py"), anything);
    Files.writeString(modules.resolve("tensorflow.py"), anything);
    Files.writeString(modules.resolve("numpy.py"),
        anything + "sys.modules[__name__].arange().__mod__().__eq__ = lambda self, other: MagicMock()\n");
    Path json = folder.resolve("peers.json");
    var ran = run(Map.of("PYTHONPATH", modules.toString()), "python3", BENCH.resolve("python/cpu_peers.py").toString(),
        "--contenders", "pytorch eager", "keras", "--cases", "inference:1", "--rounds", "1", "--seconds", "0.001",
        "--json",
        json.toString());
    assertEquals(0, ran.exitCode(), ran.err());
    assertTrue(ran.err().contains("pytorch eager, inference:1: ended with 3\n"), ran.err());
    assertTrue(ran.out().startsWith("| case | pytorch eager, ms | keras, ms |\n"), ran.out());
    assertTrue(ran.out().matches("(?s).*\\| inference:1 \\| - \\| \\d+\\.\\d \\|\n"), ran.out());
    assertTrue(Files.readString(json).contains("\"contender\": \"keras\""), Files.readString(json));
  }

  /** The archive for a machine with a card, with a shell script as its Java. */
  private Path archive(String java) throws IOException {
    Path archive = folder.resolve("lentil-gpu");
    Path bin = Files.createDirectories(archive.resolve("runtime/bin"));
    Files.writeString(bin.resolve("java"), "#!/bin/sh\n" + java);
    assertTrue(bin.resolve("java").toFile().setExecutable(true));
    for (String file : List.of("run", "report.py")) {
      Files.copy(BENCH.resolve("gpu").resolve(file), archive.resolve(file));
    }
    return archive;
  }

  /** As one does that waits for a card that hangs; a training goes on to the end of its batch besides. */
  @Test
  void whatDoesNotEndWhenItIsAskedToCostsNoneOfTheResults() throws IOException, InterruptedException {
    Path archive = archive("trap '' TERM\nsleep 600\n");
    Path results = folder.resolve("results");
    var ran = run(Map.of("LENTIL_GPU_QUICK", "1", "SECONDS", "523"), "bash", archive.resolve("run").toString(),
        results.toString());
    assertEquals(1, ran.exitCode(), ran.out() + ran.err());
    String report = Files.readString(results.resolve("results.json"));
    assertTrue(report.contains("\"doctor\": \"was killed\""), report);
    assertTrue(Files.exists(folder.resolve("results.tar.gz")));
  }

  /** In a second run into the same folder no part finds any time; what the first left would be shown as its own. */
  @Test
  void whatAnEarlierRunOnACardLeftIsNotShownAsThisOnes() throws IOException, InterruptedException {
    Path archive = archive("echo '{\"said\": \"by java\"}'\n");
    Path results = folder.resolve("results");
    String[] command = {"bash", archive.resolve("run").toString(), results.toString()};
    var first = run(Map.of("LENTIL_GPU_QUICK", "1"), command);
    assertEquals(0, first.exitCode(), first.out() + first.err());
    assertTrue(Files.readString(results.resolve("results.json")).contains("\"doctor\": \"passed\""));
    Files.createDirectories(results.resolve("ham10000-sample"));

    // bash counts on from there
    var second = run(Map.of("LENTIL_GPU_QUICK", "1", "SECONDS", "600"), command);
    assertEquals(1, second.exitCode(), second.out() + second.err());
    assertTrue(second.out().contains("== doctor: no time left"), second.out());
    String report = Files.readString(results.resolve("results.json"));
    assertFalse(report.contains("\"passed\""), report);
    assertFalse(Files.exists(results.resolve("ham10000-sample")), "a training would find a run there");
  }
}
