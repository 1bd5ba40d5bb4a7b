package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;
import dev.lentil.io.AtomicFile;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.train.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The room that a run needs on the disk, so that it does not stop hours later. */
final class SpaceNeeded {
  /** Checkpoints at a time: the last, the one before, and the one being written. */
  private static final int CHECKPOINTS = 3;

  /** Weight files at a time: the best, the last, and the one being written. */
  private static final int WEIGHT_FILES = 3;

  /** Report, predictions, log and the rest. */
  private static final long OTHERS = 16_000_000;

  private SpaceNeeded() {}

  /** Bytes of everything that a run has on the disk at its fullest. */
  static long bytes(Network network, List<Stage> stages) {
    long weights = bytes(network.parameters());
    long checkpoint = 0;
    for (Stage stage : stages) {
      int slots = stage.spec().optimizer().orElseThrow().slots();
      // the weights, the best ones, the optimiser's memory, and the average in float64
      checkpoint = Math.max(checkpoint, 2 * weights + slots * bytes(stage.spec().trainedParameters(network))
          + (stage.averaging().isPresent() ? 2 * weights : 0));
    }
    return CHECKPOINTS * checkpoint + WEIGHT_FILES * weights + OTHERS;
  }

  private static long bytes(List<ParameterSpec> parameters) {
    return parameters.stream().mapToLong(spec -> (long) spec.shape().size() * Float.BYTES).sum();
  }

  /**
   * @throws UserError if the disk has no room for what is still missing
   */
  static void require(Path run, Network network, List<Stage> stages) {
    long needed = bytes(network, stages) - used(run);
    OptionalLong free = AtomicFile.freeBytes(run);
    if (free.isPresent() && free.getAsLong() < needed) {
      throw new UserError(String.format(Locale.ROOT,
          "%s: the run needs about %,d bytes more and the disk has %,d left; make room, or choose another folder with --run",
          run, needed, free.getAsLong()));
    }
  }

  private static long used(Path run) {
    try (Stream<Path> files = Files.list(run)) {
      return files.mapToLong(SpaceNeeded::size).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException _) {
      // gone in the meantime
      return 0;
    }
  }
}
