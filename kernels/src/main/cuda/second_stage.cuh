// The second stage of sums over rows, in float64. Threads side by side in x share the parts of one number, which lie beside
// each other, and a block has blockDim.y numbers; blocks are those of dev.lentil.backend.cuda.Groups.
#pragma once
#include "lentil.cuh"

// The threads of a block; those in x are a power of two.
#define SECOND_STAGE_THREADS 256

__device__ inline int numberOfLine() { return blockIdx.x * blockDim.y + threadIdx.y; }

#define PARTS_OF_LINE(group, groups) for (int group = threadIdx.x; group < (groups); group += blockDim.x)

// The sum over the threads in x, in a fixed order and for each of them. All threads of a block must call it.
__device__ inline double sumOfLine(double mine) {
  __shared__ double shared[SECOND_STAGE_THREADS];
  double* line = shared + threadIdx.y * blockDim.x;
  line[threadIdx.x] = mine;
  for (int half = blockDim.x / 2; half > 0; half /= 2) {
    __syncthreads();
    if ((int)threadIdx.x < half) {
      line[threadIdx.x] += line[threadIdx.x + half];
    }
  }
  __syncthreads();
  double sum = line[0];
  __syncthreads();
  return sum;
}

// The sum of a number's parts, likewise; of none if there is no such number.
__device__ inline double sumOfParts(const float* partial, int number, int numbers, int groups) {
  double mine = 0.0;
  if (number < numbers) {
    PARTS_OF_LINE(group, groups) { mine += partial[number * groups + group]; }
  }
  return sumOfLine(mine);
}
