package dev.lentil.ham10000.data;

import dev.lentil.train.Batches;
import dev.lentil.train.TrainingData;
import java.util.List;

/**
 * Images to train on: every epoch drawn and augmented anew.
 *
 * @param list the training subset, in an order that does not change between runs
 * @param seed of the order and of the augmentation
 */
public record TrainingImages(Pixels pixels, List<Sample> list, BatchSource.Settings settings, Regime regime, long seed)
    implements TrainingData {
  public TrainingImages {
    list = List.copyOf(list);
  }

  @Override
  public int samples() {
    return list.size();
  }

  @Override
  public int batchSize() {
    return settings.batchSize();
  }

  @Override
  public Batches epoch(int stage, int epoch, int firstBatch) {
    return BatchSource.training(pixels, list, settings, regime, seed, stage, epoch, firstBatch);
  }
}
