// What follows a matrix product: y[r,c] = y[r,c] * scale[c] + shift[c], then ReLU6, or the sum with a residual, in place.
// scale and shift hold a folded batch normalisation and bias, see fold.cu.
#include "epilogue.cuh"
#include "rows.cuh"

template <int WIDTH, class After>
__device__ void affineRows(After after, real* y, const float* scales, const float* shifts, int rows, int channels) {
  int c = firstChannel<WIDTH>();
  if (c >= channels) {
    return;
  }
  float scale[WIDTH], shift[WIDTH];
  loadFloats(scales + c, scale);
  loadFloats(shifts + c, shift);
  ROWS_OF_ALL(r, rows) {
    int at = r * channels + c;
    float values[WIDTH];
    load(y + at, values);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      values[i] = fmaf(values[i], scale[i], shift[i]);
    }
    after.apply(values, at);
    save(values, y + at);
  }
}

KERNEL affine(real* y, const float* scale, const float* shift, int rows, int channels) {
  IN_CHANNELS(affineRows, channels, Nothing(), y, scale, shift, rows);
}

KERNEL affine_relu6(real* y, const float* scale, const float* shift, int rows, int channels) {
  IN_CHANNELS(affineRows, channels, Rectify(), y, scale, shift, rows);
}

KERNEL affine_add(real* y, const float* scale, const float* shift, const real* residual, int rows, int channels) {
  IN_CHANNELS(affineRows, channels, Residual{residual}, y, scale, shift, rows);
}
