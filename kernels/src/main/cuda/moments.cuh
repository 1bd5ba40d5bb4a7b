// Mean and sum of squares about it, of what one thread sees and then of what its block does. A thread sums differences
// from a value like those that it sees, so no large number is subtracted from another; threads are joined by Chan, Golub and
// LeVeque's formula (1979) in a fixed order.
#pragma once
#include "rows.cuh"

template <int WIDTH>
struct Moments {
  float pivot[WIDTH], sum[WIDTH] = {}, square[WIDTH] = {};
  int count = 0;

  // Any value that is not far from the others will do; called before the first is added.
  __device__ void begin(const float (&values)[WIDTH]) {
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      pivot[i] = values[i];
    }
  }

  // As they are stored: what is read later must have these statistics.
  __device__ void add(const float (&values)[WIDTH]) {
    addIf(true, values);
    count++;
  }

  // Without counting; no branch, which would cost more than it saves.
  __device__ void addIf(bool wanted, const float (&values)[WIDTH]) {
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      float d = wanted ? values[i] - pivot[i] : 0.0f;
      sum[i] += d;
      square[i] = fmaf(d, d, square[i]);
    }
  }

  // partial [2,channels,groups]: means, then sums of squares about them; behind them [groups] numbers of rows. All threads of a
  // block must call it.
  __device__ void finish(float* partial, int c, int channels) {
    __shared__ float means[WIDTH][ROW_THREADS];
    __shared__ float squares[WIDTH][ROW_THREADS];
    __shared__ float counts[ROW_THREADS];
    int thread = threadIdx.y * blockDim.x + threadIdx.x;
    // Exact: a group has fewer rows than 2^24.
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
      if ((threadIdx.y & (2 * step - 1)) == 0 && threadIdx.y + step < blockDim.y && counts[other] > 0.0f) {
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
        part(partial, c + i) = means[i][thread];
        part(partial, channels + c + i) = squares[i][thread];
      }
      if (c == 0) {
        part(partial, 2 * channels) = counts[thread];
      }
    }
  }
};
