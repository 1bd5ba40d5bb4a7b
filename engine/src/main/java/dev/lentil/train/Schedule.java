package dev.lentil.train;

/** The learning rate as a function of the step within a stage. */
public sealed interface Schedule {
  /** @param step counted from 1 */
  double rate(long step);

  /** The same rate in every step. */
  record Constant(double rate) implements Schedule {
    public Constant {
      requireRate(rate);
    }

    @Override
    public double rate(long step) {
      return rate;
    }
  }

  /**
   * Rises linearly to {@code peak} over {@code warmUp} steps, reaching it in the last of them, then falls along half a
   * cosine to {@code last}, reaching it in step {@code steps} and staying there.
   */
  record CosineWithWarmUp(double peak, double last, long warmUp, long steps) implements Schedule {
    public CosineWithWarmUp {
      requireRate(peak);
      if (!(last >= 0 && last <= peak)) {
        throw new IllegalArgumentException("the last learning rate " + last + " is not between 0 and the peak " + peak);
      }
      if (warmUp < 0 || steps <= warmUp) {
        throw new IllegalArgumentException("a warm-up of " + warmUp + " steps does not fit into " + steps + " steps");
      }
    }

    @Override
    public double rate(long step) {
      if (step <= warmUp) {
        return peak * step / warmUp;
      }
      double done = Math.min(1, (double) (step - warmUp) / (steps - warmUp));
      return last + (peak - last) * (1 + Math.cos(Math.PI * done)) / 2;
    }
  }

  private static void requireRate(double rate) {
    if (!(rate > 0 && Double.isFinite(rate))) {
      throw new IllegalArgumentException("the learning rate is " + rate + ", but must be a number above 0");
    }
  }
}
