package dev.lentil.backend.reference;

import dev.lentil.backend.DropoutMask;

/** {@code y = x * mask * scale}, and so {@code dx = dy * mask * scale}, with the mask drawn again: see {@link DropoutMask}. */
final class InvertedDropout {
  private InvertedDropout() {}

  /** Writes {@code y}. */
  static void forward(DropoutMask mask, double[] x, double[] y) {
    float[] kept = mask.elements(0, x.length);
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] * kept[i] * mask.scale();
    }
  }

  /** Adds to {@code dx}. */
  static void inputGradient(DropoutMask mask, double[] dy, double[] dx) {
    float[] kept = mask.elements(0, dy.length);
    for (int i = 0; i < dx.length; i++) {
      dx[i] += dy[i] * kept[i] * mask.scale();
    }
  }
}
