package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.nn.Weights;
import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.safetensors.SafetensorsWriter;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a training process at random moments, again and again, until it has come to its end all the same. */
class KilledRunTest {
  private static final int EPOCHS = 30;
  private static final long SECONDS = 60;

  @TempDir
  Path folder;

  private static TinyRun tiny() {
    return new TinyRun(2, EPOCHS, 100, FinalWeights.BEST, 1);
  }

  /** The process that is killed: trains, continuing where a predecessor was, and writes the weights that it ends with. */
  static final class Victim {
    public static void main(String[] args) {
      Path folder = Path.of(args[1]);
      var result = tiny().run(args[0], Optional.of(folder.resolve("checkpoint.safetensors")), event -> {
        System.out.println(event.position());
      });
      SafetensorsWriter.write(folder.resolve("weights.safetensors"), result.weights().tensors(),
          Map.of("history", String.join("\n", result.numbers())));
    }
  }

  @Test
  void aKilledRunEndsWithTheSameBits() throws Exception {
    String backend = TinyRun.backends().findFirst().orElseThrow();
    var whole = tiny().run(backend, Optional.empty(), _ -> {});
    Path weights = folder.resolve("weights.safetensors");
    // how many batches a process may do before it is killed: different ones, the same in every run of the test
    Philox random = Philox.at(TinyRun.SEED, 0, 0, RandomUse.TEST.operation());
    int kills = 0;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!Files.exists(weights)) {
      assertTrue(System.nanoTime() < end, "not done after " + kills + " kills and " + SECONDS + " s");
      Process process = start(backend);
      boolean last = kills == 4;
      int allowed = last ? Integer.MAX_VALUE : 5 + random.below(40, kills, 0);
      try (var lines = process.inputReader()) {
        while (allowed-- > 0 && lines.readLine() != null) {
          // each line is a batch, an epoch or a stage
        }
        if (!last && process.isAlive()) {
          // not on the line itself, but somewhere in the next batch or its checkpoint
          Thread.sleep(random.below(4, kills, 1));
          process.destroyForcibly();
          kills++;
        }
      }
      assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "the process does not end");
      assertTrue(!last || process.exitValue() == 0,
          "the process failed: " + Files.readString(folder.resolve("errors.txt")));
    }
    assertTrue(kills >= 3, "the run was over after " + kills + " kills");
    try (var file = SafetensorsFile.open(weights)) {
      var killed = new Weights(file.tensors("")).matching(tiny().network());
      assertEquals(TinyRun.Result.bits(whole.weights()), TinyRun.Result.bits(killed));
      assertEquals(String.join("\n", whole.numbers()), file.metadata().get("history"));
    }
  }

  private Process start(String backend) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
        Victim.class.getName(), backend, folder.toString()));
    return new ProcessBuilder(command).redirectError(new File(folder.toFile(), "errors.txt")).start();
  }
}
