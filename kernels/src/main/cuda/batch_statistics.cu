// Mean and variance of each channel over all rows, in two stages and in one pass over memory: groups of rows as moments.cuh
// says, or by the kernel that writes the rows (depthwise.cu), then the groups, in float64 and in a fixed order.
#include "moments.cuh"

template <int WIDTH>
__device__ void statistics(const real* x, float* partial, int rows, int rowsPerGroup, int channels) {
  int c = firstChannel<WIDTH>();
  Moments<WIDTH> moments;
  if (c < channels) {
    ROWS_OF_GROUP(r, rows, rowsPerGroup) {
      float values[WIDTH];
      load(x + r * channels + c, values);
      moments.add(values);
    }
  }
  moments.finish(partial, c, channels);
}

KERNEL batch_statistics(const real* x, float* partial, int rows, int rowsPerGroup, int channels) {
  IN_CHANNELS(statistics, channels, x, partial, rows, rowsPerGroup);
}

__device__ inline void join(double& mean, double& square, double& count, double otherMean, double otherSquare,
                            double otherCount) {
  if (otherCount > 0.0) {
    double together = count + otherCount;
    double distance = otherMean - mean;
    mean += distance * otherCount / together;
    square += otherSquare + distance * distance * count * otherCount / together;
    count = together;
  }
}

// saved [2,channels]: the mean, then 1 / sqrt(variance + epsilon). The moving statistics follow, the variance divided by
// the number of rows, as in Keras 3.
KERNEL batch_statistics_finish(const float* partial, float* saved, float* movingMean, float* movingVariance, int groups,
                               int rows, int rowsPerGroup, int channels, double epsilon, double momentum) {
  __shared__ double means[FINISH_LANES][COLUMNS];
  __shared__ double squares[FINISH_LANES][COLUMNS];
  __shared__ double counts[FINISH_LANES][COLUMNS];
  int c = blockIdx.x * COLUMNS + threadIdx.x;
  double mean = 0.0;
  double square = 0.0;
  double count = 0.0;
  if (c < channels) {
    for (int group = threadIdx.y; group < groups; group += FINISH_LANES) {
      join(mean, square, count, partial[group * 2 * channels + c], partial[(group * 2 + 1) * channels + c],
           min(rowsPerGroup, rows - group * rowsPerGroup));
    }
  }
  means[threadIdx.y][threadIdx.x] = mean;
  squares[threadIdx.y][threadIdx.x] = square;
  counts[threadIdx.y][threadIdx.x] = count;
  __syncthreads();
  if (threadIdx.y == 0 && c < channels) {
    for (int lane = 1; lane < FINISH_LANES; lane++) {
      join(mean, square, count, means[lane][threadIdx.x], squares[lane][threadIdx.x], counts[lane][threadIdx.x]);
    }
    double variance = square / rows;
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
