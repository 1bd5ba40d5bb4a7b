// float32 to the type that activations are stored in: images, and the copy of the parameters that matrix products read.
#include "lentil.cuh"

KERNEL cast(const float* x, real* y, int count) {
  FOR_EACH(i, count) {
    y[i] = store(x[i]);
  }
}
