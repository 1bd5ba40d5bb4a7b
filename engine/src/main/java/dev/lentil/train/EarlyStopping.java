package dev.lentil.train;

/**
 * Ends a stage when a monitored value has not improved for {@code patience} epochs in a row. Every stage starts anew.
 * Source: Keras's EarlyStopping with min_delta 0.
 *
 * @param patience at least 1; {@link #never} for a stage that always runs all its epochs
 */
public record EarlyStopping(Monitor monitor, int patience) {
  public EarlyStopping {
    if (patience < 1) {
      throw new IllegalArgumentException("patience is " + patience + ", but must be at least 1");
    }
  }

  /** Watches for the best epoch, but never stops. */
  public static EarlyStopping never(Monitor monitor) {
    return new EarlyStopping(monitor, Integer.MAX_VALUE);
  }

  /**
   * What is known after some epochs of a stage.
   *
   * @param best the best value, NaN before there is one
   * @param bestEpoch its epoch within the stage, 0 before there is one
   * @param waited epochs since then
   */
  public record State(double best, int bestEpoch, int waited) {
    public static final State START = new State(Double.NaN, 0, 0);
  }

  /** The state after one more epoch; that epoch is the best if {@link State#bestEpoch} is its number. */
  public State after(State state, EpochRecord epoch) {
    double value = monitor.of(epoch);
    return monitor.improves(value, state.best)
        ? new State(value, epoch.epoch(), 0)
        : new State(state.best, state.bestEpoch, state.waited + 1);
  }

  /** Whether a stage may end before its last epoch. */
  boolean canStop() {
    return patience < Integer.MAX_VALUE;
  }

  public boolean stops(State state) {
    return state.waited >= patience;
  }
}
