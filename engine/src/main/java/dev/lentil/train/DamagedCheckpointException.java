package dev.lentil.train;

import java.nio.file.Path;

/** The file is not a checkpoint, or the checkpoint is incomplete or altered. */
final class DamagedCheckpointException extends TrainingException {
  private static final long serialVersionUID = 1;

  DamagedCheckpointException(Path file, String why, Throwable cause) {
    super(file + ": the checkpoint is damaged (" + why + ")", cause);
  }
}
