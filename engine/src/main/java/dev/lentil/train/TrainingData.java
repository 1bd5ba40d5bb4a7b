package dev.lentil.train;

/**
 * The samples of a training run. The batches of an epoch depend only on stage and epoch, so a run can continue at any batch
 * of an epoch exactly as if it had not been interrupted.
 */
public interface TrainingData {
  /** Samples in an epoch. */
  int samples();

  /**
   * Samples in every batch but the last, which holds the rest. It may be filled up with samples of weight 0. These take
   * part in the batch statistics, and the gradients are divided by their number too, but no metric of the training counts
   * them.
   */
  int batchSize();

  /**
   * The batches of an epoch from one of them on.
   *
   * @param stage counted from 1
   * @param epoch within the stage, counted from 1
   * @param firstBatch from 0 to the number of batches; with the latter there are none
   */
  Batches epoch(int stage, int epoch, int firstBatch);

  /** Batches in an epoch. */
  default int batches() {
    return Math.ceilDiv(samples(), batchSize());
  }
}
