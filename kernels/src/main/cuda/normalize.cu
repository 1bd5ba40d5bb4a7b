// Batch normalisation, then ReLU6 or the sum with a residual, in one pass.
#include "epilogue.cuh"
#include "normalization.cuh"

template <int WIDTH, class After>
__device__ void normalizeRows(After after, const real* x, const float* saved, const float* gamma, const float* beta,
                              real* y, int rows, int channels) {
  int c = firstChannel<WIDTH>();
  if (c >= channels) {
    return;
  }
  BatchNorm<WIDTH> norm(saved, gamma, beta, c, channels);
  ROWS_OF_ALL(r, rows) {
    float values[WIDTH];
    load(x + r * channels + c, values);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      values[i] = norm.of(values[i], i);
    }
    after.apply(values, r * channels + c);
    save(values, y + r * channels + c);
  }
}

KERNEL normalize(const real* x, const float* saved, const float* gamma, const float* beta, real* y, int rows,
                 int channels) {
  IN_CHANNELS(normalizeRows, channels, Nothing(), x, saved, gamma, beta, y, rows);
}

KERNEL normalize_relu6(const real* x, const float* saved, const float* gamma, const float* beta, real* y, int rows,
                       int channels) {
  IN_CHANNELS(normalizeRows, channels, Rectify(), x, saved, gamma, beta, y, rows);
}

KERNEL normalize_add(const real* x, const float* saved, const float* gamma, const float* beta, real* y, int rows,
                     int channels, const real* other) {
  IN_CHANNELS(normalizeRows, channels, Residual{other}, x, saved, gamma, beta, y, rows);
}
