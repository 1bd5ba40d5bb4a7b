// What follows a matrix product: y[r,c] = y[r,c] * scale[c] + shift[c], then ReLU6, or the sum with a residual, in place.
// scale and shift hold a folded batch normalisation and bias, see fold.cu.
#include "lentil.cuh"

KERNEL affine(real* y, const float* scale, const float* shift, int count, int channels) {
  FOR_EACH(i, count) {
    int c = i % (unsigned)channels;
    y[i] = store(fmaf(value(y[i]), scale[c], shift[c]));
  }
}

KERNEL affine_relu6(real* y, const float* scale, const float* shift, int count, int channels) {
  FOR_EACH(i, count) {
    int c = i % (unsigned)channels;
    y[i] = store(relu6(fmaf(value(y[i]), scale[c], shift[c])));
  }
}

KERNEL affine_add(real* y, const float* scale, const float* shift, const real* residual, int count, int channels) {
  FOR_EACH(i, count) {
    int c = i % (unsigned)channels;
    y[i] = store(fmaf(value(y[i]), scale[c], shift[c]) + value(residual[i]));
  }
}
