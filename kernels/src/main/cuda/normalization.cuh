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
    float gammas[WIDTH];
    loadFloats(gamma + c, gammas);
    loadFloats(saved + channels + c, scale);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      scale[i] *= gammas[i];
    }
  }

  __device__ float of(float x, int i) const { return fmaf(x - mean[i], scale[i], beta[i]); }
};

// The same with ReLU6 after it, as a share of 6, so that what is cut off is what a card cuts off at no cost: below 0 and above 1.
// That makes 0 of not-a-number, but then the statistics of the batch are none either, and what a share of 1 stands for is
// not-a-number itself. Whoever uses the shares multiplies by it.
template <int WIDTH>
struct RectifiedBatchNorm {
  float mean[WIDTH], scale[WIDTH], beta[WIDTH], one[WIDTH];

  __device__ RectifiedBatchNorm(const float* saved, const float* gamma, const float* betas, int c, int channels) {
    BatchNorm<WIDTH> norm(saved, gamma, betas, c, channels);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      mean[i] = norm.mean[i];
      scale[i] = norm.scale[i] / 6.0f;
      beta[i] = norm.beta[i] / 6.0f;
      one[i] = 6.0f + 0.0f * (mean[i] + scale[i] + beta[i]);
    }
  }

  __device__ float of(float x, int i) const { return __saturatef(fmaf(x - mean[i], scale[i], beta[i])); }
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
