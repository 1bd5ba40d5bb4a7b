package dev.lentil.train;

/** An event that a run reports to its listener, on the training thread, between two batches. */
public sealed interface TrainingEvent {
  /** Where in the run it happens. */
  Position position();

  /** A stage begins, or continues after an interruption at {@code position}. */
  record StageStarted(Position position, Stage stage, int batches) implements TrainingEvent {}

  /**
   * A batch is done. The device may be at the next one already, so the bank may hold other weights than those after this batch.
   *
   * @param batches in the epoch
   * @param batchLoss of this batch alone
   * @param meanLoss over the samples of the epoch so far
   */
  record BatchDone(Position position, int batches, double batchLoss, double meanLoss) implements TrainingEvent {}

  /**
   * An epoch is done and validated. The bank holds the weights that were validated, until the listener returns.
   *
   * @param best whether it is the stage's best so far
   */
  record EpochDone(Position position, EpochRecord epoch, EarlyStopping.State stopping, boolean best)
      implements TrainingEvent {}

  /**
   * A stage is over and its final weights are in place.
   *
   * @param epochs that it ran
   */
  record StageDone(Position position, Stage stage, int epochs, EarlyStopping.State stopping)
      implements TrainingEvent {}
}
