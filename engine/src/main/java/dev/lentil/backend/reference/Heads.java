package dev.lentil.backend.reference;

import dev.lentil.nn.Loss;

/** From logits to probabilities, for inference only, because a loss takes the logits. Both methods overwrite {@code y}. */
final class Heads {
  private Heads() {}

  /** {@code y = 1 / (1 + exp(-x))}. */
  static void sigmoid(double[] x, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = Loss.sigmoid(x[i]);
    }
  }

  /**
   * {@code y[p,c] = exp(x[p,c]) / sum over j of exp(x[p,j])}. The largest is subtracted first: it changes nothing in exact
   * arithmetic and keeps the exponential from overflowing.
   */
  static void softmax(int positions, int channels, double[] x, double[] y) {
    for (int p = 0; p < positions; p++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < channels; c++) {
        max = Math.max(max, x[p * channels + c]);
      }
      double sum = 0;
      for (int c = 0; c < channels; c++) {
        sum += Math.exp(x[p * channels + c] - max);
      }
      for (int c = 0; c < channels; c++) {
        y[p * channels + c] = Math.exp(x[p * channels + c] - max) / sum;
      }
    }
  }
}
