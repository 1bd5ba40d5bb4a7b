// A batch normalisation with known statistics for WIDTH channels: gamma * (x - mean) * inverse + beta, with saved
// [2,channels] the mean and 1 / sqrt(variance + epsilon) of batch_statistics.cu. The mean is subtracted first instead of
// being folded into beta: less is rounded away.
#pragma once
#include "rows.cuh"

template <int WIDTH>
struct BatchNorm {
  float mean[WIDTH], scale[WIDTH], beta[WIDTH];

  __device__ BatchNorm(const float* saved, const float* gamma, const float* betas, int c, int channels) {
    loadFloats(saved + c, mean);
    loadFloats(betas + c, beta);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      scale[i] = saved[channels + c + i] * gamma[c + i];
    }
  }

  __device__ float of(float x, int i) const { return fmaf(x - mean[i], scale[i], beta[i]); }
};

// The gradient of what a normalisation reads, of that of its result: a dy + b (x - mean) + d, with coefficients
// [3,channels] of normalize_gradient.cu.
template <int WIDTH>
struct RawGradient {
  float mean[WIDTH], a[WIDTH], b[WIDTH], d[WIDTH];

  __device__ RawGradient(const float* saved, const float* coefficients, int c, int channels) {
    loadFloats(saved + c, mean);
    loadFloats(coefficients + c, a);
    loadFloats(coefficients + channels + c, b);
    loadFloats(coefficients + 2 * channels + c, d);
  }

  __device__ float of(float dy, float x, int i) const { return fmaf(a[i], dy, fmaf(b[i], x - mean[i], d[i])); }
};
