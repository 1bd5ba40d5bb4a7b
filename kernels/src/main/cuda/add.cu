// The sum of two tensors. Its gradient goes to both sides unchanged: copied to the first that reaches a value, added to one
// that is there already. Source and target may be the same memory.
#include "lentil.cuh"

template <int WIDTH>
__device__ inline void addAt(const real* a, const real* b, real* y, unsigned i) {
  float left[WIDTH], right[WIDTH];
  load(a + i, left);
  load(b + i, right);
#pragma unroll
  for (int j = 0; j < WIDTH; j++) {
    left[j] += right[j];
  }
  save(left, y + i);
}

KERNEL add(const real* a, const real* b, real* y, int count) { IN_PACKS(count, addAt, a, b, y) }

template <int WIDTH>
__device__ inline void copyAt(const real* x, real* y, unsigned i) {
  *(Pack<WIDTH>*)(y + i) = *(const Pack<WIDTH>*)(x + i);
}

KERNEL copy(const real* x, real* y, int count) { IN_PACKS(count, copyAt, x, y) }

KERNEL accumulate(const real* x, real* y, int count) { IN_PACKS(count, addAt, y, x, y) }
