package dev.lentil.train;

import java.nio.file.Path;

/** A file that is no checkpoint, or not wholly the one that was written. */
final class DamagedCheckpointException extends TrainingException {
  private static final long serialVersionUID = 1;

  DamagedCheckpointException(Path file, String why, Throwable cause) {
    super(file + ": the checkpoint is damaged (" + why + ")", cause);
  }
}
