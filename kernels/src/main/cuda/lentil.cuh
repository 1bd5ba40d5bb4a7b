// What every kernel of Lentil shares: the type that activations are stored in, and how threads are laid out.
//
// Activations and their gradients are `real`: float32, or bfloat16 where LENTIL_BF16 is defined. Parameters, parameter
// gradients, statistics and sums are float32 always, and arithmetic is float32. Tensors are NHWC; a "row" is one pixel
// of one sample with all its channels, so an activation is a matrix of [rows, channels].
//
// Nothing is included and only plain CUDA C++ is used, so that NVRTC needs no header files and a C++ compiler can run
// the same text on a CPU.
#pragma once

// Blocks of sumLanes are COLUMNS x LANES threads: neighbouring threads take neighbouring channels, each of the LANES takes
// every LANES-th row. Most first stages of two-stage sums use the blocks of rows.cuh instead.
#define COLUMNS 32
#define LANES 8

// Blocks of the second stage are COLUMNS x FINISH_LANES threads: a number each, and the groups among the lanes.
#define FINISH_LANES 16

#define KERNEL extern "C" __global__ void

#ifdef LENTIL_BF16
typedef unsigned short real;

// bfloat16 is the upper half of a float32.
__device__ inline float value(real bits) { return __uint_as_float((unsigned)bits << 16); }

// To nearest, ties to even; not-a-number stays one.
__device__ inline real store(float x) {
  unsigned bits = __float_as_uint(x);
  if ((bits & 0x7fffffffu) > 0x7f800000u) {
    return (real)(bits >> 16 | 0x40u);
  }
  return (real)((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}
#else
typedef float real;

__device__ inline float value(real x) { return x; }
__device__ inline real store(float x) { return x; }
#endif

// A thread moves 16 bytes at once where it can: the widest load and store that there are.
#define PACK (16 / (int)sizeof(real))

template <int WIDTH>
struct alignas(WIDTH * sizeof(real)) Pack {
  real at[WIDTH];
};

// WIDTH neighbouring elements; their address must be a multiple of their size.
template <int WIDTH>
__device__ inline void load(const real* from, float (&to)[WIDTH]) {
  Pack<WIDTH> pack = *(const Pack<WIDTH>*)from;
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    to[i] = value(pack.at[i]);
  }
}

template <int WIDTH>
__device__ inline void save(const float (&from)[WIDTH], real* to) {
  Pack<WIDTH> pack;
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    pack.at[i] = store(from[i]);
  }
  *(Pack<WIDTH>*)to = pack;
}

// Every element once, however many blocks there are. Counts stay below 2^31, so the step past the end cannot wrap.
#define FOR_EACH(i, count) \
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < (unsigned)(count); i += blockDim.x * gridDim.x)

// f<WIDTH>(arguments, i) for every element i or pack of them from i on.
#define IN_PACKS(count, f, ...)                                             \
  FOR_EACH(pack, (count) / PACK) { f<PACK>(__VA_ARGS__, pack * PACK); } \
  FOR_EACH(rest, (count) % PACK) { f<1>(__VA_ARGS__, (count) / PACK * PACK + rest); }

// Comparisons and not fminf and fmaxf, which would turn not-a-number into a number.
__device__ inline float relu6(float x) { return x < 0.0f ? 0.0f : x > 6.0f ? 6.0f : x; }

// It passes where the result y lies strictly between 0 and 6.
__device__ inline float relu6Gradient(float dy, float y) { return y > 0.0f && y < 6.0f ? dy : 0.0f; }

// Where a convolution's window lies: see dev.lentil.nn.Window. Output row oy reads input rows oy * stride - padTop + ky.
struct Window {
  int inH, inW, kernelH, kernelW, stride, padTop, padLeft, outH, outW;
};

// Adds one number per channel over the LANES of a block, in order; the sum is right for the threads of lane 0.
__device__ inline float sumLanes(float mine) {
  __shared__ float lanes[LANES][COLUMNS];
  lanes[threadIdx.y][threadIdx.x] = mine;
  __syncthreads();
  float sum = 0.0f;
  if (threadIdx.y == 0) {
    for (int lane = 0; lane < LANES; lane++) {
      sum += lanes[lane][threadIdx.x];
    }
  }
  __syncthreads();
  return sum;
}
