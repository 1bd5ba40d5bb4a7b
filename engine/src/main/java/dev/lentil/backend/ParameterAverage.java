package dev.lentil.backend;

import dev.lentil.nn.Weights;

/**
 * A mean of all parameters of a bank, moving statistics included, that lies where the parameters do and takes them in without
 * moving them. It is float64 and every operation is rounded by itself, so the same parameters give the same bits on every device.
 */
public interface ParameterAverage extends AutoCloseable {
  /**
   * Moves the mean towards the parameters as they are after all runs so far: {@code mean += share * (parameter - mean)}.
   *
   * @param share of the parameters, 0 to 1
   */
  void add(double share);

  /** A copy, float64. */
  Weights weights();

  /** After this the mean is gone. The bank must still be open. */
  @Override
  void close();
}
