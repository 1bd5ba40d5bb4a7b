package dev.lentil.backend.reference;

import dev.lentil.backend.RunState;
import dev.lentil.plan.Step;
import dev.lentil.random.DropoutMask;

/**
 * Dropout that scales in training: {@code y = x / (1 - rate)} where {@link DropoutMask} keeps the element, otherwise 0.
 * {@code dx} follows from {@code dy} in the same way; the mask is drawn again.
 */
final class InvertedDropout {
  private InvertedDropout() {}

  /** Writes {@code y}. */
  static void forward(Step.DropOut step, RunState state, double[] x, double[] y) {
    boolean[] kept = kept(step, state, x.length);
    for (int i = 0; i < y.length; i++) {
      y[i] = kept[i] ? x[i] / (1 - step.layer().rate()) : 0;
    }
  }

  /** Adds to {@code dx}. */
  static void inputGradient(Step.DropOut step, RunState state, double[] dy, double[] dx) {
    boolean[] kept = kept(step, state, dy.length);
    for (int i = 0; i < dx.length; i++) {
      if (kept[i]) {
        dx[i] += dy[i] / (1 - step.layer().rate());
      }
    }
  }

  private static boolean[] kept(Step.DropOut step, RunState state, int count) {
    // The mask's factors are float32; only which of them are zero is used here, and the factor itself kept in float64.
    float[] factors = new float[count];
    DropoutMask.fill(state.seed(), state.stage(), state.step(), step.operation(), step.layer().rate(), 0, factors,
        count);
    boolean[] kept = new boolean[count];
    for (int i = 0; i < count; i++) {
      kept[i] = factors[i] != 0;
    }
    return kept;
  }
}
