package dev.lentil.ham10000.train;

import dev.lentil.ham10000.data.BatchSource;
import dev.lentil.ham10000.data.Pixels;
import dev.lentil.ham10000.data.Sample;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.data.TrainingImages;
import dev.lentil.ham10000.image.Transform;
import dev.lentil.image.Normalization;
import dev.lentil.train.EvaluationData;
import dev.lentil.train.TrainingData;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/**
 * The split's images as the engine takes them.
 *
 * @param split which image is in which subset
 * @param pixels all images, at the network's size
 * @param indexOf from image_id to the image's number in {@code pixels}
 */
public record RunData(Split split, Pixels pixels, ToIntFunction<String> indexOf) {
  /** Preparing batches ahead is light work beside training; more threads would only take cores from it. */
  private static final int LOADERS = 1;

  /** Outputs of the network for a task: one probability of malignancy, or one of each class. */
  static int outputs(Task task) {
    return task == Task.BINARY ? 1 : task.labels().size();
  }

  /** The same with other pixels of the same images. */
  RunData with(Pixels same) {
    return new RunData(split, same, indexOf);
  }

  /** The weight in the loss of a sample of each class. */
  double[] classWeights(TrainingConfig config) {
    double[] weights = split.classWeights();
    if (config.classWeights() == TrainingConfig.ClassWeights.NONE) {
      Arrays.fill(weights, 1);
    }
    return weights;
  }

  /** The training images: weighted, shuffled and augmented as configured. */
  TrainingData training(TrainingConfig config) {
    return new TrainingImages(pixels, Sample.weighted(split, Split.Subset.TRAIN, indexOf, classWeights(config)),
        settings(config, config.batch()), config.regime(), config.seed());
  }

  /** The images of a subset as they are, in the order of {@link Split#of(Split.Subset)}. */
  EvaluationData evaluation(Split.Subset subset, TrainingConfig config) {
    return evaluation(subset, config, Transform.IDENTITY);
  }

  /** The same, one view of each. */
  EvaluationData evaluation(Split.Subset subset, TrainingConfig config, Transform view) {
    var samples = Sample.of(split, subset, indexOf);
    return () -> BatchSource.evaluation(pixels, samples, settings(config, config.evaluationBatch()), view);
  }

  private BatchSource.Settings settings(TrainingConfig config, int batchSize) {
    return new BatchSource.Settings(batchSize, outputs(split.task()), Normalization.of(config.scaling()), LOADERS);
  }
}
