// The gradients of a batch normalisation. The parameters' come in two stages, sums over rows and sum_groups:
//   dbeta[c] = sum of dy[r,c],  dgamma[c] = sum of dy[r,c] * (x[r,c] - mean[c]) * inverse[c]
// With statistics of the batch the input's gradient goes through mean and variance too; with moving statistics it does
// not. Formulas: dev.lentil.backend.reference.BatchNormalization and MovingNormalization.
#include "lentil.cuh"

// partial holds, for each group, [channels] sums for dgamma and [channels] for dbeta.
KERNEL normalize_sums(const real* dy, const real* x, const float* saved, float* partial, int rows, int rowsPerGroup,
                      int channels) {
  int c = blockIdx.y * COLUMNS + threadIdx.x;
  int first = blockIdx.x * rowsPerGroup;
  int end = min(rows, first + rowsPerGroup);
  float gamma = 0.0f;
  float beta = 0.0f;
  if (c < channels) {
    float mean = saved[c];
    float inverse = saved[channels + c];
    for (int r = first + threadIdx.y; r < end; r += LANES) {
      float d = value(dy[r * channels + c]);
      beta += d;
      gamma = fmaf(d, (value(x[r * channels + c]) - mean) * inverse, gamma);
    }
  }
  float gammaSum = sumLanes(gamma);
  float betaSum = sumLanes(beta);
  if (threadIdx.y == 0 && c < channels) {
    partial[blockIdx.x * 2 * channels + c] = gammaSum;
    partial[(blockIdx.x * 2 + 1) * channels + c] = betaSum;
  }
}

__device__ inline float throughStatistics(const real* dy, const real* x, const float* saved, const float* gamma,
                                          const float* dgamma, const float* dbeta, unsigned i, int c, int channels,
                                          float perRow) {
  float inverse = saved[channels + c];
  float normalized = (value(x[i]) - saved[c]) * inverse;
  return gamma[c] * inverse * (value(dy[i]) - dbeta[c] * perRow - normalized * (dgamma[c] * perRow));
}

KERNEL normalize_batch_input_gradient(const real* dy, const real* x, const float* saved, const float* gamma,
                                      const float* dgamma, const float* dbeta, real* dx, int count, int channels) {
  float perRow = (float)((double)channels / count);
  FOR_EACH(i, count) {
    dx[i] = store(throughStatistics(dy, x, saved, gamma, dgamma, dbeta, i, i % (unsigned)channels, channels, perRow));
  }
}

KERNEL normalize_batch_input_gradient_add(const real* dy, const real* x, const float* saved, const float* gamma,
                                          const float* dgamma, const float* dbeta, real* dx, int count, int channels) {
  float perRow = (float)((double)channels / count);
  FOR_EACH(i, count) {
    dx[i] = store(value(dx[i])
        + throughStatistics(dy, x, saved, gamma, dgamma, dbeta, i, i % (unsigned)channels, channels, perRow));
  }
}

KERNEL normalize_input_gradient(const real* dy, const float* saved, const float* gamma, real* dx, int count,
                                int channels) {
  FOR_EACH(i, count) {
    int c = i % (unsigned)channels;
    dx[i] = store(value(dy[i]) * (gamma[c] * saved[channels + c]));
  }
}

KERNEL normalize_input_gradient_add(const real* dy, const float* saved, const float* gamma, real* dx, int count,
                                    int channels) {
  FOR_EACH(i, count) {
    int c = i % (unsigned)channels;
    dx[i] = store(fmaf(value(dy[i]), gamma[c] * saved[channels + c], value(dx[i])));
  }
}
