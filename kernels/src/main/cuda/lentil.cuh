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

// BOUNDS may say how many threads a block has at most and how many blocks a multiprocessor shall hold.
#define BOUNDS
#define KERNEL extern "C" __global__ void BOUNDS

// The card's architecture, 0 on a CPU.
#ifdef __CUDA_ARCH__
#define CARD __CUDA_ARCH__
#else
#define CARD 0
#endif

#ifdef LENTIL_BF16
typedef unsigned short real;

__device__ inline unsigned roundToUpperHalf(float x) {
  unsigned bits = __float_as_uint(x);
  return (bits & 0x7fffffffu) > 0x7f800000u ? bits | 0x400000u : bits + 0x7fffu + (bits >> 16 & 1u);
}

// bfloat16 is the upper half of a float32.
__device__ inline float value(real bits) { return __uint_as_float((unsigned)bits << 16); }

// To nearest, ties to even; not-a-number stays one. Two elements in one word, the first in its lower half: cards since 8.0
// have an instruction for it, which saves a pass over memory from being bound by its arithmetic.
__device__ inline unsigned storeTwo(float first, float second) {
#if CARD >= 800
  unsigned two;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(two) : "f"(second), "f"(first));
  return two;
#else
  return roundToUpperHalf(first) >> 16 | (roundToUpperHalf(second) & 0xffff0000u);
#endif
}

__device__ inline real store(float x) { return (real)storeTwo(x, 0.0f); }

// Neighbouring elements, two to a word.
template <int WIDTH>
struct alignas(WIDTH * sizeof(real)) Pack {
  unsigned words[WIDTH / 2];

  __device__ void get(float (&to)[WIDTH]) const {
#pragma unroll
    for (int i = 0; i < WIDTH; i += 2) {
      to[i] = __uint_as_float(words[i / 2] << 16);
      to[i + 1] = __uint_as_float(words[i / 2] & 0xffff0000u);
    }
  }
  __device__ void put(const float (&from)[WIDTH]) {
#pragma unroll
    for (int i = 0; i < WIDTH; i += 2) {
      words[i / 2] = storeTwo(from[i], from[i + 1]);
    }
  }
};

template <>
struct Pack<1> {
  real one;

  __device__ void get(float (&to)[1]) const { to[0] = value(one); }
  __device__ void put(const float (&from)[1]) { one = store(from[0]); }
};
#else
typedef float real;

__device__ inline float value(real x) { return x; }
__device__ inline real store(float x) { return x; }

template <int WIDTH>
struct alignas(WIDTH * sizeof(real)) Pack {
  real at[WIDTH];

  __device__ void get(float (&to)[WIDTH]) const {
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      to[i] = at[i];
    }
  }
  __device__ void put(const float (&from)[WIDTH]) {
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      at[i] = from[i];
    }
  }
};
#endif

// A thread moves 16 bytes at once where it can: the widest load and store that there are.
#define PACK (16 / (int)sizeof(real))

// WIDTH neighbouring elements, one or an even number of them; their address must be a multiple of their size.
template <int WIDTH>
__device__ inline void load(const real* from, float (&to)[WIDTH]) {
  // Copied first, or the compiler loads it word by word.
  Pack<WIDTH> pack = *(const Pack<WIDTH>*)from;
  pack.get(to);
}

template <int WIDTH>
__device__ inline void save(const float (&from)[WIDTH], real* to) {
  Pack<WIDTH> pack;
  pack.put(from);
  *(Pack<WIDTH>*)to = pack;
}

// from + step * count, by the two instructions that it takes. Left to itself the compiler keeps step * count in registers for each
// count, or makes it anew of many instructions.
__device__ inline const real* along(const real* from, unsigned step, unsigned count) {
#if CARD
  const real* to;
  asm("mad.wide.u32 %0, %1, %2, %3;" : "=l"(to) : "r"(step), "r"(count * (unsigned)sizeof(real)), "l"(from));
  __builtin_assume(__isGlobal(to));
  return to;
#else
  return from + (size_t)step * count;
#endif
}

__device__ inline real* along(real* from, unsigned step, unsigned count) {
  return (real*)along((const real*)from, step, count);
}

// Every element once, however many blocks there are. Counts stay below 2^31, so the step past the end cannot wrap.
#define FOR_EACH(i, count) \
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < (unsigned)(count); i += blockDim.x * gridDim.x)

// f<WIDTH>(arguments, i) for every element i or pack of them from i on.
#define IN_PACKS(count, f, ...)                                             \
  FOR_EACH(pack, (count) / PACK) { f<PACK>(__VA_ARGS__, pack * PACK); } \
  FOR_EACH(rest, (count) % PACK) { f<1>(__VA_ARGS__, (count) / PACK * PACK + rest); }

// Not-a-number stays one, which fminf and fmaxf would turn into a number.
__device__ inline float relu6(float x) {
#if CARD >= 800
  float y;
  asm("{.reg .f32 positive; max.NaN.f32 positive, %1, 0f00000000; min.NaN.f32 %0, positive, 0f40c00000;}" : "=f"(y) : "f"(x));
  return y;
#else
  return x < 0.0f ? 0.0f : x > 6.0f ? 6.0f : x;
#endif
}

// It passes where the result y lies strictly between 0 and 6.
__device__ inline float relu6Gradient(float dy, float y) { return y > 0.0f && y < 6.0f ? dy : 0.0f; }

// Where a convolution's window lies: see dev.lentil.nn.Window. Output row oy reads input rows oy * stride - padTop + ky.
struct Window {
  int inH, inW, kernelH, kernelW, stride, padTop, padLeft, outH, outW;
};

// Sums over rows have two stages. In the first, each of gridDim.x groups of rows leaves its part; a number's parts lie beside
// each other, groups in order.
__device__ inline float& part(float* partial, int number) { return partial[number * gridDim.x + blockIdx.x]; }

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
