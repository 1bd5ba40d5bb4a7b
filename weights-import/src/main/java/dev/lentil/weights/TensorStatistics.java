package dev.lentil.weights;

import dev.lentil.tensor.Tensor;

/**
 * What a tensor's values are like.
 *
 * @param least of the finite values; NaN if there is none
 * @param greatest of the finite values; NaN if there is none
 * @param mean of the finite values
 * @param deviation the finite values' standard deviation about their mean, dividing by their number
 * @param notFinite how many are infinite or not a number
 */
public record TensorStatistics(double least, double greatest, double mean, double deviation, long notFinite) {

  /** Those of a tensor, in one pass by Welford's recurrence. */
  public static TensorStatistics of(Tensor tensor) {
    double least = Double.NaN;
    double greatest = Double.NaN;
    double mean = 0;
    double squares = 0;
    long count = 0;
    int size = tensor.shape().size();
    for (int i = 0; i < size; i++) {
      double value = tensor.get(i);
      if (Double.isFinite(value)) {
        count++;
        double off = value - mean;
        mean += off / count;
        squares += off * (value - mean);
        least = count == 1 ? value : Math.min(least, value);
        greatest = count == 1 ? value : Math.max(greatest, value);
      }
    }
    return new TensorStatistics(least, greatest, count == 0 ? Double.NaN : mean,
        count == 0 ? Double.NaN : Math.sqrt(squares / count), size - count);
  }
}
