package dev.lentil.plan;

/**
 * Where a backward step puts the gradient of an input. The first step to reach a value writes it; a later one, where a
 * value was read by several layers (a residual), adds to it.
 */
public record Target(int value, Mode mode) {
  /** Whether the old content counts. */
  public enum Mode { WRITE, ACCUMULATE }
}
