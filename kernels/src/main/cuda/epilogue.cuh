// What comes after a normalisation, folded or not, in the same pass.
#pragma once
#include "lentil.cuh"

struct Nothing {
  template <int WIDTH>
  __device__ void apply(float (&)[WIDTH], int) const {}
};

struct Rectify {
  template <int WIDTH>
  __device__ void apply(float (&y)[WIDTH], int) const {
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      y[i] = relu6(y[i]);
    }
  }
};

struct Residual {
  const real* other;

  template <int WIDTH>
  __device__ void apply(float (&y)[WIDTH], int at) const {
    float added[WIDTH];
    load(other + at, added);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      y[i] += added[i];
    }
  }
};
