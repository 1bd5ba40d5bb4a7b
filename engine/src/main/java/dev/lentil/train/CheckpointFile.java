package dev.lentil.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A run's checkpoint on the disk, and, as {@code previous-NAME}, the last earlier one that lies between two epochs. The previous
 * one is used if the newer one is damaged or holds the weights of a run that was diverging.
 */
public record CheckpointFile(Path path) {
  /**
   * The checkpoint to go on from.
   *
   * @param note for people, when it is not the last one that was written
   */
  public record Latest(Checkpoint checkpoint, Optional<String> note) {}

  /** Where the checkpoint before is. */
  public Path previous() {
    return path.resolveSibling("previous-" + path.getFileName());
  }

  private Path damaged() {
    return path.resolveSibling("damaged-" + path.getFileName());
  }

  /** Whether there is anything to go on from. */
  public boolean exists() {
    return Files.exists(path) || Files.exists(previous());
  }

  /**
   * Writes the checkpoint.
   *
   * @param keep whether the one that is there becomes the previous one
   */
  void write(Checkpoint checkpoint, boolean keep) {
    checkpoint.write(path, keep ? Optional.of(previous()) : Optional.empty());
  }

  /** Puts the previous one in place of this one, if there is one. */
  void goBack() {
    if (Files.exists(previous())) {
      move(previous(), path);
    }
  }

  /**
   * The last checkpoint that is sound; empty if none was ever written. A damaged one is put aside, so that it will not take the
   * sound one's place; one that only cannot be read stays where it is, and none stands in for it.
   *
   * @throws TrainingException if what is there cannot be read, is damaged, or is of another version of Lentil
   */
  public Optional<Latest> latest() {
    if (!exists()) {
      return Optional.empty();
    }
    if (!Files.exists(path)) {
      // killed between the two moves of a write
      return Optional.of(fallBack(path + ": the checkpoint is missing"));
    }
    try {
      return Optional.of(new Latest(Checkpoint.read(path), Optional.empty()));
    } catch (DamagedCheckpointException e) {
      if (!Files.exists(previous())) {
        throw new TrainingException(e.getMessage()
            + ", and there is none before it; delete it, and the run begins again, to the same result", e);
      }
      Latest latest = fallBack(e.getMessage() + ", now " + damaged().getFileName());
      move(path, damaged());
      return Optional.of(latest);
    }
  }

  private Latest fallBack(String why) {
    try {
      Checkpoint checkpoint = Checkpoint.read(previous());
      return new Latest(checkpoint, Optional.of(why + "; going on from the one before it, of stage "
          + checkpoint.position().stage() + ", epoch " + checkpoint.position().epoch() + ", batch "
          + checkpoint.position().batch() + ", to the same result"));
    } catch (DamagedCheckpointException e) {
      throw new TrainingException(why + "; the one before it, " + e.getMessage()
          + "; delete both, and the run begins again, to the same result", e);
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
