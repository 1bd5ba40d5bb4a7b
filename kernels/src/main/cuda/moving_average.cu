// Moves the moving statistics after cuDNN's batch normalisation, from saved [2,channels]: the mean and 1 / sqrt(variance +
// epsilon). The variance is divided by the number of rows, as in Keras 3; cuDNN itself would divide by one less. What the
// way back from the square root rounds away is small beside variance + epsilon, and only that sum is ever used.
#include "lentil.cuh"

KERNEL moving_average(const float* saved, float* movingMean, float* movingVariance, int channels, double epsilon,
                      double momentum) {
  FOR_EACH(c, channels) {
    double inverse = saved[channels + c];
    double variance = 1.0 / (inverse * inverse) - epsilon;
    variance = variance < 0.0 ? 0.0 : variance;
    movingMean[c] = (float)(movingMean[c] * momentum + saved[c] * (1.0 - momentum));
    movingVariance[c] = (float)(movingVariance[c] * momentum + variance * (1.0 - momentum));
  }
}
