// y = min(max(x, 0), 6), and its gradient, which passes where the output lies strictly between 0 and 6. Source and target
// may be the same memory.
#include "lentil.cuh"

KERNEL rectify(const real* x, real* y, int count) {
  FOR_EACH(i, count) {
    y[i] = store(relu6(value(x[i])));
  }
}

__device__ inline float passed(const real* dy, const real* y, unsigned i) {
  float out = value(y[i]);
  return out > 0.0f && out < 6.0f ? value(dy[i]) : 0.0f;
}

KERNEL rectify_gradient(const real* dy, const real* y, real* dx, int count) {
  FOR_EACH(i, count) {
    dx[i] = store(passed(dy, y, i));
  }
}

KERNEL rectify_gradient_add(const real* dy, const real* y, real* dx, int count) {
  FOR_EACH(i, count) {
    dx[i] = store(value(dx[i]) + passed(dy, y, i));
  }
}
