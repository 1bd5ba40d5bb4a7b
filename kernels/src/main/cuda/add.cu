// The sum of two tensors. Its gradient goes to both sides unchanged: copied to the first that reaches a value, added to one
// that is there already. Source and target may be the same memory.
#include "lentil.cuh"

KERNEL add(const real* a, const real* b, real* y, int count) {
  FOR_EACH(i, count) {
    y[i] = store(value(a[i]) + value(b[i]));
  }
}

KERNEL copy(const real* x, real* y, int count) {
  FOR_EACH(i, count) {
    y[i] = x[i];
  }
}

KERNEL accumulate(const real* x, real* y, int count) {
  FOR_EACH(i, count) {
    y[i] = store(value(y[i]) + value(x[i]));
  }
}
