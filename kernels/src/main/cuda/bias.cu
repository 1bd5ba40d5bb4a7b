// y[r,c] += bias[c], after a matrix product. The bias's gradient is the sum of columns: column_sums.cu.
#include "lentil.cuh"

KERNEL add_bias(real* y, const float* bias, int count, int channels) {
  FOR_EACH(i, count) {
    y[i] = store(value(y[i]) + bias[i % (unsigned)channels]);
  }
}
