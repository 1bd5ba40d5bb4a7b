package dev.lentil.train;

import dev.lentil.backend.Batch;
import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/**
 * Samples that are all in memory, for training and for validation. What does not fit there, or is augmented, is a {@link TrainingData} of
 * its own.
 *
 * @param images {@code [n,h,w,c]}, normalised as the network expects it
 * @param labels {@code [n,k]}: 0 or 1 for a network with one output, otherwise 1 for the sample's class and 0 for the others
 */
public record TensorDataset(Tensor images, Tensor labels) {
  /** @throws IllegalArgumentException if there are not as many labels as images */
  public TensorDataset {
    if (images.shape().extent(0) != labels.shape().extent(0)) {
      throw new IllegalArgumentException("the images are " + images.shape() + " and the labels " + labels.shape()
          + "; give as many of one as of the other");
    }
    // rounded once, not for each batch
    images = Tensor.of(images.shape(), images.floats());
    labels = Tensor.of(labels.shape(), labels.floats());
  }

  /**
   * Samples of images that lie in arrays of their own, and of their classes' numbers.
   *
   * @param image the shape of each, {@code [h,w,c]}
   * @param classes from 0
   * @param outputs of the network: 1 for classes 0 and 1, otherwise the number of classes
   * @throws IllegalArgumentException if an image has another size, or a class another number, or there are no outputs
   */
  public static TensorDataset of(Shape image, List<float[]> images, List<Integer> classes, int outputs) {
    int n = images.size();
    if (classes.size() != n) {
      throw new IllegalArgumentException(n + " images, but classes of " + classes.size() + "; each image has one");
    }
    if (n == 0) {
      throw new IllegalArgumentException("a data set without images; give one at least");
    }
    if (outputs < 1) {
      throw new IllegalArgumentException("a network with " + outputs + " outputs; it has at least 1");
    }
    Shape all = image.batched(n);
    Shape of = Shape.of(n, outputs);
    float[] values = new float[all.size()];
    float[] labels = new float[of.size()];
    for (int i = 0; i < n; i++) {
      int label = classes.get(i);
      if (images.get(i).length != image.size()) {
        throw new IllegalArgumentException(
            "image " + i + " has " + images.get(i).length + " values, but " + image + " has " + image.size());
      }
      if (label < 0 || label >= Math.max(2, outputs)) {
        throw new IllegalArgumentException("image " + i + " is of class " + label + ", but a network with " + outputs
            + (outputs == 1 ? " output" : " outputs") + " has the classes 0 to " + (Math.max(2, outputs) - 1));
      }
      System.arraycopy(images.get(i), 0, values, i * image.size(), image.size());
      if (outputs == 1) {
        labels[i] = label;
      } else {
        labels[i * outputs + label] = 1;
      }
    }
    return new TensorDataset(Tensor.of(all, values), Tensor.of(of, labels));
  }

  /** The number of samples. */
  public int size() {
    return images.shape().extent(0);
  }

  /** To train on: each epoch in another order, which the seed, the stage and the epoch decide. */
  public TrainingData shuffled(int batchSize, long seed) {
    requireBatchSize(batchSize);
    return new TrainingData() {
      @Override
      public int samples() {
        return size();
      }

      @Override
      public int batchSize() {
        return batchSize;
      }

      @Override
      public Batches epoch(int stage, int epoch, int firstBatch) {
        int[] order = Philox.at(seed, stage, epoch, RandomUse.SHUFFLE.operation()).permutation(size());
        return new Gathered(order, batchSize, firstBatch * batchSize);
      }
    };
  }

  /** To validate with: always in the order in which they are. */
  public EvaluationData inOrder(int batchSize) {
    requireBatchSize(batchSize);
    return () -> new Gathered(IntStream.range(0, size()).toArray(), batchSize, 0);
  }

  private static void requireBatchSize(int batchSize) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("the batch size is " + batchSize + ", but must be at least 1");
    }
  }

  /** The batch of some samples, copied together. */
  private Batch batch(int[] samples) {
    return Batch.of(rows(images, samples), rows(labels, samples));
  }

  private static Tensor rows(Tensor tensor, int[] rows) {
    float[] all = tensor.floats();
    int each = tensor.shape().size() / tensor.shape().extent(0);
    float[] some = new float[rows.length * each];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(all, rows[i] * each, some, i * each, each);
    }
    int[] extents = tensor.shape().toArray();
    extents[0] = rows.length;
    return Tensor.of(Shape.of(extents), some);
  }

  private final class Gathered implements Batches {
    private final int[] order;
    private final int batchSize;
    private int next;

    Gathered(int[] order, int batchSize, int first) {
      this.order = order;
      this.batchSize = batchSize;
      next = first;
    }

    @Override
    public boolean hasNext() {
      return next < order.length;
    }

    @Override
    public Batch next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int from = next;
      next = from + Math.min(batchSize, order.length - from);
      return batch(Arrays.copyOfRange(order, from, next));
    }

    @Override
    public void close() {
      // nothing is held
    }
  }
}
