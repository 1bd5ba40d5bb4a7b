// Mean and variance of each channel over all rows, in two stages and in one pass over memory.
//
// A thread sums differences from the first value that it sees, so no large number is subtracted from another; threads and
// groups are joined by Chan, Golub and LeVeque's formula (1979), threads in float32, groups in float64, in a fixed order.
#include "lentil.cuh"

// partial holds, for each group, [channels] means and [channels] sums of squares about that mean.
KERNEL batch_statistics(const real* x, float* partial, int rows, int rowsPerGroup, int channels) {
  __shared__ float means[LANES][COLUMNS];
  __shared__ float squares[LANES][COLUMNS];
  int c = blockIdx.y * COLUMNS + threadIdx.x;
  int first = blockIdx.x * rowsPerGroup;
  int end = min(rows, first + rowsPerGroup);
  int start = first + threadIdx.y;
  float mean = 0.0f;
  float square = 0.0f;
  if (c < channels && start < end) {
    float pivot = value(x[start * channels + c]);
    float sum = 0.0f;
    float sumOfSquares = 0.0f;
    for (int r = start; r < end; r += LANES) {
      float d = value(x[r * channels + c]) - pivot;
      sum += d;
      sumOfSquares = fmaf(d, d, sumOfSquares);
    }
    float distance = sum / (float)((end - start + LANES - 1) / LANES);
    mean = pivot + distance;
    square = fmaf(-sum, distance, sumOfSquares);
    square = square < 0.0f ? 0.0f : square;
  }
  means[threadIdx.y][threadIdx.x] = mean;
  squares[threadIdx.y][threadIdx.x] = square;
  __syncthreads();
  if (threadIdx.y == 0 && c < channels) {
    // Lane i had ceil((end - first - i) / LANES) rows; lane 0 has at least one.
    float rowsSoFar = (float)((end - first + LANES - 1) / LANES);
    for (int lane = 1; lane < LANES && first + lane < end; lane++) {
      float added = (float)((end - first - lane + LANES - 1) / LANES);
      float together = rowsSoFar + added;
      float distance = means[lane][threadIdx.x] - mean;
      mean += distance * (added / together);
      square += squares[lane][threadIdx.x] + distance * distance * (rowsSoFar * added / together);
      rowsSoFar = together;
    }
    partial[blockIdx.x * 2 * channels + c] = mean;
    partial[(blockIdx.x * 2 + 1) * channels + c] = square;
  }
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
  __shared__ double means[LANES][COLUMNS];
  __shared__ double squares[LANES][COLUMNS];
  __shared__ double counts[LANES][COLUMNS];
  int c = blockIdx.x * COLUMNS + threadIdx.x;
  double mean = 0.0;
  double square = 0.0;
  double count = 0.0;
  if (c < channels) {
    for (int group = threadIdx.y; group < groups; group += LANES) {
      join(mean, square, count, partial[group * 2 * channels + c], partial[(group * 2 + 1) * channels + c],
           min(rowsPerGroup, rows - group * rowsPerGroup));
    }
  }
  means[threadIdx.y][threadIdx.x] = mean;
  squares[threadIdx.y][threadIdx.x] = square;
  counts[threadIdx.y][threadIdx.x] = count;
  __syncthreads();
  if (threadIdx.y == 0 && c < channels) {
    for (int lane = 1; lane < LANES; lane++) {
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
