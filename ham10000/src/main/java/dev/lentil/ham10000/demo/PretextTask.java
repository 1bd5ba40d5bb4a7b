package dev.lentil.ham10000.demo;

import dev.lentil.ham10000.data.BatchSource;
import dev.lentil.ham10000.data.Pixels;
import dev.lentil.ham10000.data.Sample;
import dev.lentil.ham10000.data.TrainingImages;
import dev.lentil.ham10000.image.Augmentation;
import dev.lentil.ham10000.image.Normalization;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.train.EvaluationData;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The pictures of {@link PretextPainter} as training data, painted when they are asked for.
 *
 * @param size of a picture's side, in pixels
 * @param pictures to train on
 */
record PretextTask(long seed, int size, int pictures, int batchSize, int threads) {
  private static final int VALIDATION = 20 * PretextPainter.CLASSES;

  TrainingImages training() {
    return new TrainingImages(painted(), samples(0, pictures), settings(), new Augmentation(0, 0, 0, 0, true, true),
        seed);
  }

  /** Pictures that are not trained on. */
  EvaluationData validation() {
    var samples = samples(pictures, VALIDATION);
    return () -> BatchSource.evaluation(painted(), samples, settings());
  }

  private BatchSource.Settings settings() {
    return new BatchSource.Settings(batchSize, PretextPainter.CLASSES, Normalization.of(InputScaling.MINUS_ONE_TO_ONE),
        threads);
  }

  private static List<Sample> samples(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(i -> new Sample(i, PretextPainter.label(i), 1)).toList();
  }

  private Pixels painted() {
    return new Pixels() {
      @Override
      public int height() {
        return size;
      }

      @Override
      public int width() {
        return size;
      }

      @Override
      public int count() {
        return pictures + VALIDATION;
      }

      @Override
      public void copy(int index, byte[] rgb) {
        System.arraycopy(PretextPainter.paint(seed, index, size).rgb(), 0, rgb, 0, size * size * 3);
      }
    };
  }
}
