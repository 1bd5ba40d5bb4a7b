package dev.lentil.weights.scheme;

import dev.lentil.mobilenetv2.InputScaling;
import java.util.Arrays;
import java.util.Optional;

/** What a model calculates with its input before its first layer: x*factor+summand, a pair for each channel. */
public final class InputArithmetic {
  private static final int CHANNELS = 3;
  /** Means and deviations are written with three digits, and inputs reach 2.6. */
  private static final double TOLERANCE = 1e-3;

  private final double[] factors = {1, 1, 1};
  private final double[] summands = new double[CHANNELS];

  /** Whether there is a constant for all channels, or one for each. */
  public static boolean fits(double[] constant) {
    return constant.length == 1 || constant.length == CHANNELS;
  }

  /** Multiplies by a constant that {@link #fits}. */
  public void multiply(double[] constant) {
    for (int c = 0; c < CHANNELS; c++) {
      double factor = constant[constant.length == 1 ? 0 : c];
      factors[c] *= factor;
      summands[c] *= factor;
    }
  }

  /** Adds a constant that {@link #fits}. */
  public void add(double[] constant) {
    for (int c = 0; c < CHANNELS; c++) {
      summands[c] += constant[constant.length == 1 ? 0 : c];
    }
  }

  /** Whether it leaves the input as it is. */
  public boolean nothing() {
    return Arrays.equals(factors, new double[] {1, 1, 1}) && Arrays.equals(summands, new double[CHANNELS]);
  }

  /** The scaling that comes to the same, of values of 0 to 255 or, as PyTorch loads images, of 0 to 1. */
  public Optional<InputScaling> known() {
    return Arrays.stream(InputScaling.values()).filter(scaling -> is(scaling, 255) || is(scaling, 1)).findFirst();
  }

  private boolean is(InputScaling scaling, double white) {
    for (int c = 0; c < CHANNELS; c++) {
      double black = Math.abs(scaling.apply(0, c) - summands[c]);
      double most = Math.abs(scaling.apply(255, c) - (factors[c] * white + summands[c]));
      // Written so that a NaN fits nothing.
      if (!(black <= TOLERANCE && most <= TOLERANCE)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "x*" + text(factors) + "+" + text(summands);
  }

  private static String text(double[] values) {
    boolean one = Arrays.stream(values).allMatch(value -> value == values[0]);
    return one ? Double.toString(values[0]) : Arrays.toString(values);
  }
}
