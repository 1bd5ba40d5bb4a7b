// y = min(max(x, 0), 6), and its gradient, which passes where the output lies strictly between 0 and 6. Source and target
// may be the same memory.
#include "lentil.cuh"

template <int WIDTH>
__device__ inline void rectifyAt(const real* x, real* y, unsigned i) {
  float values[WIDTH];
  load(x + i, values);
#pragma unroll
  for (int j = 0; j < WIDTH; j++) {
    values[j] = relu6(values[j]);
  }
  save(values, y + i);
}

KERNEL rectify(const real* x, real* y, int count) { IN_PACKS(count, rectifyAt, x, y) }

template <int WIDTH>
__device__ inline void passAt(bool add, const real* dy, const real* y, real* dx, unsigned i) {
  float d[WIDTH], out[WIDTH], old[WIDTH] = {};
  load(dy + i, d);
  load(y + i, out);
  if (add) {
    load(dx + i, old);
  }
#pragma unroll
  for (int j = 0; j < WIDTH; j++) {
    d[j] = old[j] + relu6Gradient(d[j], out[j]);
  }
  save(d, dx + i);
}

KERNEL rectify_gradient(const real* dy, const real* y, real* dx, int count) {
  IN_PACKS(count, passAt, false, dy, y, dx)
}

KERNEL rectify_gradient_add(const real* dy, const real* y, real* dx, int count) {
  IN_PACKS(count, passAt, true, dy, y, dx)
}
