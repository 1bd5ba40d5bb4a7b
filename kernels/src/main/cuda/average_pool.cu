// The mean over the pixels of each sample and channel: y[n,c] = 1/pixels sum over p of x[n,p,c], and its gradient
// dx[n,p,c] = dy[n,c] / pixels.
#include "lentil.cuh"

// Pixels that are summed in float32; their sums are added in float64, since many equal values all round one way.
#define SUM_PIXELS 128

KERNEL average_pool(const real* x, real* y, int pixels, int count, int channels) {
  FOR_EACH(i, count) {
    unsigned sample = i / (unsigned)channels;
    unsigned c = i % (unsigned)channels;
    double total = 0.0;
    for (int from = 0; from < pixels; from += SUM_PIXELS) {
      float sum = 0.0f;
      int end = min(pixels, from + SUM_PIXELS);
      for (int p = from; p < end; p++) {
        sum += value(x[(sample * pixels + p) * channels + c]);
      }
      total += sum;
    }
    y[i] = store((float)total / (float)pixels);
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
