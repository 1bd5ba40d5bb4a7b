// Activations as a matrix of [rows, channels], for what is the same for all rows of a channel: a thread keeps its WIDTH
// neighbouring channels and goes from row to row. Neighbouring threads in x take neighbouring channels, so a block reads
// whole pieces of memory; each thread in y takes another row. Blocks are those of dev.lentil.backend.cuda.Columns.
#pragma once
#include "lentil.cuh"

// The most threads of a block.
#define ROW_THREADS 256

// f<WIDTH>(arguments, channels), with whole packs of channels where their number allows it, which the host knows too.
#define IN_CHANNELS(f, channels, ...)         \
  if ((channels) % PACK == 0) {               \
    f<PACK>(__VA_ARGS__, channels);           \
  } else {                                    \
    f<1>(__VA_ARGS__, channels);              \
  }

// The first channel of this thread; none of them exists if it is not below the number of channels.
template <int WIDTH>
__device__ inline int firstChannel() {
  return (blockIdx.y * blockDim.x + threadIdx.x) * WIDTH;
}

// Rows from..end-1 of a block that has them for itself, or of all blocks together.
#define ROWS_OF_GROUP(r, rows, rowsPerGroup)                                   \
  for (int r = blockIdx.x * (rowsPerGroup) + threadIdx.y,                      \
           end = min(rows, (int)((blockIdx.x + 1) * (rowsPerGroup)));          \
       r < end; r += blockDim.y)

#define ROWS_OF_ALL(r, rows) \
  for (int r = blockIdx.x * blockDim.y + threadIdx.y; r < (rows); r += gridDim.x * blockDim.y)

// Adds up over the threads of a block that have the same channels, in a fixed order; right for those of threadIdx.y == 0.
// THREADS: as many as the block has at most.
template <int THREADS, int COUNT>
__device__ inline void sumRows(float (&mine)[COUNT]) {
  __shared__ float shared[COUNT][THREADS];
  int thread = threadIdx.y * blockDim.x + threadIdx.x;
  for (int i = 0; i < COUNT; i++) {
    shared[i][thread] = mine[i];
  }
  for (int step = 1; step < (int)blockDim.y; step *= 2) {
    __syncthreads();
    if ((threadIdx.y & (2 * step - 1)) == 0 && threadIdx.y + step < blockDim.y) {
      for (int i = 0; i < COUNT; i++) {
        shared[i][thread] += shared[i][thread + step * blockDim.x];
      }
    }
  }
  for (int i = 0; i < COUNT; i++) {
    mine[i] = shared[i][thread];
  }
}

// What one instruction loads.
template <int COUNT>
struct alignas(COUNT * sizeof(float)) Floats {
  float at[COUNT];
};

// Neighbouring float32, one number for each of a thread's channels; from a multiple of WIDTH on, which is at most 8. One by one
// they would lie apart for neighbouring threads, and each load of a warp would touch many lines.
template <int WIDTH>
__device__ inline void loadFloats(const float* from, float (&to)[WIDTH]) {
  const int COUNT = WIDTH % 4 == 0 ? 4 : WIDTH % 2 == 0 ? 2 : 1;
  const Floats<COUNT>* packs = (const Floats<COUNT>*)from;
#pragma unroll
  for (int i = 0; i < WIDTH; i += COUNT) {
    Floats<COUNT> pack = packs[i / COUNT];
#pragma unroll
    for (int j = 0; j < COUNT; j++) {
      to[i + j] = pack.at[j];
    }
  }
}

// A group's parts of neighbouring numbers.
template <int WIDTH>
__device__ inline void saveParts(const float* from, float* partial, int number) {
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    part(partial, number + i) = from[i];
  }
}
