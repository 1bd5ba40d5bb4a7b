// Lets a C++ compiler build Lentil's .cu files for a CPU. Threads of a block are fibers that the emulated driver
// (emulated_driver.cpp) runs one at a time: __syncthreads hands over to the next, and blocks run one after the other,
// so shared memory may be static. The driver sets `emulation` after it has loaded the library.
#pragma once

#include <math.h>
#include <string.h>

#include <tuple>
#include <utility>

struct Index3 {
  unsigned x, y, z;
};

struct Emulation {
  Index3 threadIdx, blockIdx, blockDim, gridDim;
  void (*barrier)();
};

// A kernel with its arguments copied, as cuLaunchKernel copies them: it can run now, or each time that a graph does.
struct Call {
  virtual ~Call() {}
  virtual void run() = 0;
};

template <class... A>
struct CallOf : Call {
  void (*kernel)(A...);
  std::tuple<A...> arguments;

  CallOf(void (*f)(A...), std::tuple<A...> values) : kernel(f), arguments(values) {}
  void run() override { std::apply(kernel, arguments); }
};

template <class... A, size_t... I>
Call* bindArguments(void (*kernel)(A...), void** from, std::index_sequence<I...>) {
  return new CallOf<A...>(kernel, std::tuple<A...>(*(A*)from[I]...));
}

template <class... A>
Call* bindKernel(void (*kernel)(A...), void** arguments) {
  return bindArguments(kernel, arguments, std::index_sequence_for<A...>());
}

#ifndef EMULATION_DRIVER
extern "C" {
Emulation* emulation;
}

#define threadIdx (emulation->threadIdx)
#define blockIdx (emulation->blockIdx)
#define blockDim (emulation->blockDim)
#define gridDim (emulation->gridDim)
#define __global__
#define __launch_bounds__(...)
#define __device__
#define __shared__ static
#define __syncthreads() emulation->barrier()

static inline int min(int a, int b) { return a < b ? a : b; }

// Each rounded by itself; g++ is told not to contract.
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fadd_rn(float a, float b) { return a + b; }
static inline double __dmul_rn(double a, double b) { return a * b; }
static inline double __dadd_rn(double a, double b) { return a + b; }
static inline double __dsub_rn(double a, double b) { return a - b; }

static inline float __uint_as_float(unsigned bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// Not-a-number becomes 0, as a card makes it.
static inline float __saturatef(float x) { return x > 0.0f ? x < 1.0f ? x : 1.0f : 0.0f; }

static inline unsigned __float_as_uint(float x) {
  unsigned bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}
#endif
