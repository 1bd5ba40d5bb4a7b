// Sigmoid.
#include "lentil.cuh"

KERNEL sigmoid(const real* x, real* y, int count) {
  FOR_EACH(i, count) {
    y[i] = store(1.0f / (1.0f + expf(-value(x[i]))));
  }
}
