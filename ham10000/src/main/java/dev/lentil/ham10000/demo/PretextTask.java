package dev.lentil.ham10000.demo;

import dev.lentil.ham10000.data.BatchSource;
import dev.lentil.ham10000.data.Pixels;
import dev.lentil.ham10000.data.Regime;
import dev.lentil.ham10000.data.Sample;
import dev.lentil.ham10000.data.TrainingImages;
import dev.lentil.ham10000.image.Augmentation;
import dev.lentil.image.Normalization;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.train.EvaluationData;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pictures of {@link PretextPainter} as training and validation data.
 *
 * @param painted those to train on, then those to validate on
 * @param pictures to train on
 */
record PretextTask(Pixels painted, int pictures, int batchSize, long seed) {
  private static final int VALIDATION = 50 * PretextPainter.CLASSES;

  /**
   * Paints them on all cores. They are kept: to paint a picture takes longer than to train on it once.
   *
   * @param size of a picture's side, in pixels
   */
  static PretextTask paint(long seed, int size, int pictures, int batchSize) {
    return new PretextTask(Pixels.of(IntStream.range(0, pictures + VALIDATION).parallel()
        .mapToObj(i -> PretextPainter.paint(seed, i, size)).toList()), pictures, batchSize, seed);
  }

  /** Mirrored at random. */
  TrainingImages training() {
    return new TrainingImages(painted, samples(0, pictures), settings(),
        Regime.of(Augmentation.of(0, 0, 0, 0, true, true)),
        seed);
  }

  /** Pictures that are not trained on. */
  EvaluationData validation() {
    var samples = samples(pictures, VALIDATION);
    return () -> BatchSource.evaluation(painted, samples, settings());
  }

  private BatchSource.Settings settings() {
    return new BatchSource.Settings(batchSize, PretextPainter.CLASSES, Normalization.of(InputScaling.MINUS_ONE_TO_ONE),
        1);
  }

  private static List<Sample> samples(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(i -> new Sample(i, PretextPainter.label(i), 1)).toList();
  }
}
