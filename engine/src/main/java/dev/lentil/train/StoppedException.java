package dev.lentil.train;

/** A run was asked to stop and has stopped at a checkpoint. */
public final class StoppedException extends TrainingException {
  private static final long serialVersionUID = 1;

  StoppedException(Position position) {
    super("stopped in stage " + position.stage() + ", epoch " + position.epoch() + ", after " + position.batch()
        + " batches");
  }
}
