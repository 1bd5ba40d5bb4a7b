// What the depthwise kernels share. A thread takes DEPTHWISE_WIDTH neighbouring channels and, of a line of pixels, STRIP
// neighbours, whose windows overlap: what they share is loaded once. A block goes through its lines from top to bottom, so
// that what lines share comes from the nearest cache.
#pragma once
#include "normalization.cuh"

#define DEPTHWISE_WIDTH 2
#define STRIP 4

// Strips of the lines of a block's group; `at` is line * strips + strip.
#define STRIPS_OF_GROUP(at, lines, linesPerGroup, strips)                               \
  for (int at = blockIdx.x * (linesPerGroup) * (strips) + threadIdx.y,                  \
           end = min(lines, (int)((blockIdx.x + 1) * (linesPerGroup))) * (strips);      \
       at < end; at += blockDim.y)

// The taps of a 3x3 kernel for a thread's channels, of which `kernel` is at the first.
template <int WIDTH>
__device__ inline void loadTaps(const float* kernel, int channels, float (&taps)[9][WIDTH]) {
#pragma unroll
  for (int tap = 0; tap < 9; tap++) {
    loadFloats(kernel + tap * channels, taps[tap]);
  }
}

// What a convolution reads: what is stored, or that after batch normalisation and ReLU6.
template <int WIDTH>
struct StoredInput {
  static const int SUMS = 0;
  const real* x;

  __device__ StoredInput(const real* values, const float*, const float*, const float*, int, int) : x(values) {}

  __device__ void at(int i, float (&to)[WIDTH]) const { load(x + i, to); }
};

template <int WIDTH>
struct NormalizedInput {
  static const int SUMS = 2;
  const real* x;
  BatchNorm<WIDTH> norm;

  __device__ NormalizedInput(const real* values, const float* saved, const float* gamma, const float* beta, int c,
                             int channels)
      : x(values), norm(saved, gamma, beta, c, channels) {}

  __device__ void at(int i, float (&to)[WIDTH]) const {
    load(x + i, to);
#pragma unroll
    for (int j = 0; j < WIDTH; j++) {
      to[j] = relu6(norm.of(to[j], j));
    }
  }
};
