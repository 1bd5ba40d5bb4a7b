// What every kernel of Lentil shares: the type that activations are stored in, and how threads are laid out.
//
// Activations and their gradients are `real`: float32, or bfloat16 where LENTIL_BF16 is defined. Parameters, parameter
// gradients, statistics and sums are float32 always, and arithmetic is float32. Tensors are NHWC; a "row" is one pixel
// of one sample with all its channels, so an activation is a matrix of [rows, channels].
//
// Nothing is included and only plain CUDA C++ is used, so that NVRTC needs no header files and a C++ compiler can run
// the same text on a CPU.
#pragma once

// The stage of two-stage sums that runs over rows uses blocks of COLUMNS x LANES threads: neighbouring threads take
// neighbouring channels, each of the LANES takes every LANES-th row.
#define COLUMNS 32
#define LANES 8

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

// Every element once, however many blocks there are. Counts stay below 2^31, so the step past the end cannot wrap.
#define FOR_EACH(i, count) \
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < (unsigned)(count); i += blockDim.x * gridDim.x)

// Comparisons and not fminf and fmaxf, which would turn not-a-number into a number.
__device__ inline float relu6(float x) { return x < 0.0f ? 0.0f : x > 6.0f ? 6.0f : x; }

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
