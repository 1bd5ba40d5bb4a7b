// The mean over the pixels of each sample and channel: y[n,c] = 1/pixels sum over p of x[n,p,c], and its gradient
// dx[n,p,c] = dy[n,c] / pixels.
#include "lentil.cuh"

KERNEL average_pool(const real* x, real* y, int pixels, int count, int channels) {
  FOR_EACH(i, count) {
    unsigned sample = i / (unsigned)channels;
    unsigned c = i % (unsigned)channels;
    float sum = 0.0f;
    for (int p = 0; p < pixels; p++) {
      sum += value(x[(sample * pixels + p) * channels + c]);
    }
    y[i] = store(sum / (float)pixels);
  }
}

__device__ inline float pooled(const real* dy, unsigned i, int pixels, int channels) {
  unsigned sample = i / (unsigned)(pixels * channels);
  return value(dy[sample * channels + i % (unsigned)channels]) / (float)pixels;
}

KERNEL average_pool_gradient(const real* dy, real* dx, int pixels, int count, int channels) {
  FOR_EACH(i, count) {
    dx[i] = store(pooled(dy, i, pixels, channels));
  }
}

KERNEL average_pool_gradient_add(const real* dy, real* dx, int pixels, int count, int channels) {
  FOR_EACH(i, count) {
    dx[i] = store(value(dx[i]) + pooled(dy, i, pixels, channels));
  }
}
