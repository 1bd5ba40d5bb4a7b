// Mean and variance of each channel over all rows, in two stages and in one pass over memory: groups of rows as moments.cuh
// says, or by the kernel that writes the rows (depthwise.cu), then the groups, in float64: their joint mean, then the squares about it.
#include "moments.cuh"
#include "second_stage.cuh"

template <int WIDTH>
__device__ void statistics(const real* x, float* partial, int rows, int rowsPerGroup, int channels) {
  int c = firstChannel<WIDTH>();
  int first = blockIdx.x * rowsPerGroup + threadIdx.y;
  int left = min(rows, (int)((blockIdx.x + 1) * rowsPerGroup)) - first;
  Moments<WIDTH> moments;
  if (c < channels && left > 0) {
    const real* from = x + first * channels + c;
    int lanes = blockDim.y;
    int count = (left + lanes - 1) / lanes;
    float values[WIDTH];
    load(from, values);
    moments.begin(values);
    // Nothing is written here, so that rows on their way to four rounds keep the memory busy.
#pragma unroll 4
    for (int i = 0; i < count; i++) {
      load(from + i * lanes * channels, values);
      moments.add(values);
    }
  }
  moments.finish(partial, c, channels);
}

KERNEL batch_statistics(const real* x, float* partial, int rows, int rowsPerGroup, int channels) {
  IN_CHANNELS(statistics, channels, x, partial, rows, rowsPerGroup);
}

// saved [2,channels]: the mean, then 1 / sqrt(variance + epsilon). The moving statistics follow, the variance divided by
// the number of rows, as in Keras 3.
KERNEL batch_statistics_finish(const float* partial, float* saved, float* movingMean, float* movingVariance, int groups,
                               int rows, int channels, double epsilon, double momentum) {
  int c = numberOfLine();
  const float* means = partial + c * groups;
  const float* squares = partial + (channels + c) * groups;
  const float* counts = partial + 2 * channels * groups;
  double sum = 0.0;
  if (c < channels) {
    PARTS_OF_LINE(group, groups) { sum += (double)counts[group] * means[group]; }
  }
  double mean = sumOfLine(sum) / rows;
  double square = 0.0;
  if (c < channels) {
    PARTS_OF_LINE(group, groups) {
      double distance = means[group] - mean;
      square += squares[group] + distance * distance * counts[group];
    }
  }
  double variance = sumOfLine(square) / rows;
  if (threadIdx.x == 0 && c < channels) {
    saved[c] = (float)mean;
    saved[channels + c] = (float)(1.0 / sqrt(variance + epsilon));
    movingMean[c] = (float)(movingMean[c] * momentum + mean * (1.0 - momentum));
    movingVariance[c] = (float)(movingVariance[c] * momentum + variance * (1.0 - momentum));
  }
}

// The moving statistics in the form of saved, for the kernels of normalize.cu.
KERNEL moving_statistics(const float* movingMean, const float* movingVariance, double epsilon, float* saved,
                         int channels) {
  FOR_EACH(c, channels) {
    saved[c] = movingMean[c];
    saved[channels + c] = (float)(1.0 / sqrt(movingVariance[c] + epsilon));
  }
}
