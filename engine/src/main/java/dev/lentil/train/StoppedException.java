package dev.lentil.train;

/** A run that was told to stop and did, at a checkpoint. */
public final class StoppedException extends TrainingException {
  private static final long serialVersionUID = 1;

  StoppedException(Position position) {
    super("stopped in stage " + position.stage() + ", epoch " + position.epoch() + ", after " + position.batch()
        + " batches");
  }
}
