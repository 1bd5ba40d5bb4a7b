package dev.lentil.nn;

/**
 * A loss over a batch. It is always {@code sum_i w_i l_i / n}: divided by the number of samples, as in Keras, not by the sum of their
 * weights. Every backend on the CPU calculates it in float64, because it handles only a few numbers.
 */
public sealed interface Loss {

  /**
   * @param n samples in the batch
   * @param k outputs per sample
   * @param logits {@code [n,k]}, what enters the sigmoid or softmax head
   * @param labels {@code [n,k]}, 0 or 1 (one-hot for categories)
   * @param weights {@code [n]}, one weight per sample
   * @param gradient {@code [n,k]}, receives d(loss)/d(logits)
   * @return the loss
   */
  double evaluate(int n, int k, double[] logits, double[] labels, double[] weights, double[] gradient);

  /** Sigmoid cross-entropy from logits, in the form that does not overflow: {@code max(z,0) - z y + log(1+exp(-|z|))}. */
  record BinaryCrossEntropy() implements Loss {
    @Override
    public double evaluate(int n, int k, double[] logits, double[] labels, double[] weights, double[] gradient) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        // Keras averages over the outputs of a sample before it weighs the sample.
        double scale = weights[i] / ((double) n * k);
        for (int j = 0; j < k; j++) {
          int at = i * k + j;
          double z = logits[at];
          double y = labels[at];
          sum += scale * (Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))));
          gradient[at] = scale * (sigmoid(z) - y);
        }
      }
      return sum;
    }
  }

  /** Softmax cross-entropy from logits. */
  record CategoricalCrossEntropy() implements Loss {
    @Override
    public double evaluate(int n, int k, double[] logits, double[] labels, double[] weights, double[] gradient) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        double scale = weights[i] / n;
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < k; j++) {
          max = Math.max(max, logits[i * k + j]);
        }
        double total = 0;
        for (int j = 0; j < k; j++) {
          total += Math.exp(logits[i * k + j] - max);
        }
        double logTotal = max + Math.log(total);
        double labelSum = 0;
        for (int j = 0; j < k; j++) {
          labelSum += labels[i * k + j];
        }
        for (int j = 0; j < k; j++) {
          int at = i * k + j;
          sum += scale * labels[at] * (logTotal - logits[at]);
          gradient[at] = scale * (labelSum * Math.exp(logits[at] - logTotal) - labels[at]);
        }
      }
      return sum;
    }
  }

  /**
   * Binary cross-entropy from probabilities clipped to {@code [1e-7, 1 - 1e-7]} in float32, as Keras calculates it where it
   * has nothing but probabilities: on JAX and PyTorch, and from arrays. On TensorFlow a model that ends in a sigmoid is trained
   * from the logits before it, as by {@link BinaryCrossEntropy}. For parity with Keras only: where it clips, its gradient is
   * zero. Source: Keras 3, keras/src/backend/tensorflow/nn.py, binary_crossentropy and _get_logits.
   */
  record ClippedBinaryCrossEntropy() implements Loss {
    private static final float EPSILON = 1e-7f;

    @Override
    public double evaluate(int n, int k, double[] logits, double[] labels, double[] weights, double[] gradient) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        double scale = weights[i] / ((double) n * k);
        for (int j = 0; j < k; j++) {
          int at = i * k + j;
          double p = sigmoid(logits[at]);
          sum += scale * of((float) p, labels[at]);
          boolean clipped = (float) p < EPSILON || (float) p > 1 - EPSILON;
          gradient[at] = clipped ? 0 : scale * (p - labels[at]);
        }
      }
      return sum;
    }

    /** The loss of one probability. */
    public static double of(float probability, double label) {
      float p = Math.min(Math.max(probability, EPSILON), 1 - EPSILON);
      // 1 - p is rounded to float32 before the logarithm, which is what makes Keras's two ends differ.
      return -(label * Math.log(p) + (1 - label) * Math.log(1 - p));
    }
  }

  /**
   * The sum of the logits, each times its label. It is not minimised; an explanation needs its gradient. The labels may be any
   * factors, such as 1 for one logit and 0 for the others. Times the sample's weight and 1/n they are the gradient of the
   * logits.
   */
  record WeightedLogits() implements Loss {
    @Override
    public double evaluate(int n, int k, double[] logits, double[] labels, double[] weights, double[] gradient) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < k; j++) {
          int at = i * k + j;
          gradient[at] = weights[i] / n * labels[at];
          sum += gradient[at] * logits[at];
        }
      }
      return sum;
    }
  }

  /** {@code 1 / (1 + exp(-z))}. */
  static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  /**
   * {@code exp(z_i) / sum_j exp(z_j)} in place of each of {@code count} logits from {@code from} on. The largest is taken off
   * first, so that nothing overflows.
   */
  static void softmax(double[] z, int from, int count) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + count; i++) {
      max = Math.max(max, z[i]);
    }
    double total = 0;
    for (int i = from; i < from + count; i++) {
      z[i] = Math.exp(z[i] - max);
      total += z[i];
    }
    for (int i = from; i < from + count; i++) {
      z[i] /= total;
    }
  }
}
