// Mean and sum of squares about it, of what one thread sees and then of what its block does. A thread sums differences
// from the first value that it sees, so no large number is subtracted from another; threads are joined by Chan, Golub and
// LeVeque's formula (1979) in a fixed order.
#pragma once
#include "rows.cuh"

template <int WIDTH>
struct Moments {
  float pivot[WIDTH], sum[WIDTH], square[WIDTH];
  int count = 0;

  // As it is stored: what is read later must have these statistics.
  __device__ void add(const float (&values)[WIDTH]) {
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      float x = value(store(values[i]));
      if (count == 0) {
        pivot[i] = x;
        sum[i] = 0.0f;
        square[i] = 0.0f;
      }
      float d = x - pivot[i];
      sum[i] += d;
      square[i] = fmaf(d, d, square[i]);
    }
    count++;
  }

  // partial holds, for each group, [channels] means and [channels] sums of squares. All threads of a block must call it.
  __device__ void finish(float* partial, int c, int channels) {
    __shared__ float means[WIDTH][ROW_THREADS];
    __shared__ float squares[WIDTH][ROW_THREADS];
    __shared__ float counts[ROW_THREADS];
    int thread = threadIdx.y * blockDim.x + threadIdx.x;
    counts[thread] = (float)count;
    for (int i = 0; i < WIDTH; i++) {
      float distance = count == 0 ? 0.0f : sum[i] / (float)count;
      float about = count == 0 ? 0.0f : fmaf(-sum[i], distance, square[i]);
      means[i][thread] = count == 0 ? 0.0f : pivot[i] + distance;
      squares[i][thread] = about < 0.0f ? 0.0f : about;
    }
    for (int step = 1; step < (int)blockDim.y; step *= 2) {
      __syncthreads();
      int other = thread + step * blockDim.x;
      if (threadIdx.y % (2 * step) == 0 && threadIdx.y + step < blockDim.y && counts[other] > 0.0f) {
        float together = counts[thread] + counts[other];
        float share = counts[other] / together;
        for (int i = 0; i < WIDTH; i++) {
          float distance = means[i][other] - means[i][thread];
          means[i][thread] += distance * share;
          squares[i][thread] += squares[i][other] + distance * distance * (counts[thread] * share);
        }
        counts[thread] = together;
      }
    }
    if (threadIdx.y == 0 && c < channels) {
      for (int i = 0; i < WIDTH; i++) {
        partial[blockIdx.x * 2 * channels + c + i] = means[i][thread];
        partial[(blockIdx.x * 2 + 1) * channels + c + i] = squares[i][thread];
      }
    }
  }
};
