package dev.lentil.train;

/**
 * What is trained on. An epoch's batches depend on stage and epoch alone, so that an epoch can be entered at any batch
 * and goes on exactly as it would have.
 */
public interface TrainingData {
  /** Samples in an epoch. */
  int samples();

  /**
   * Samples in every batch but the last, which holds the rest. It may be filled up with samples of weight 0: they have a
   * part in the statistics of its batch normalisations, and its gradients are divided by their number too, but no figure of
   * the training counts them.
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
