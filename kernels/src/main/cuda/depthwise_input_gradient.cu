// The gradient of a depthwise convolution's input for any window, gathered: each element of dx asks which outputs read it, so
// nothing is added atomically and the order is fixed. 3x3 windows have a faster one in depthwise_backward.cu.
#include "lentil.cuh"

__device__ inline float depthwiseInputSum(const real* dy, const float* kernel, const Window& w, unsigned i,
                                          int channels) {
  unsigned c = i % (unsigned)channels;
  unsigned pixel = i / (unsigned)channels;
  int ix = pixel % (unsigned)w.inW;
  unsigned line = pixel / (unsigned)w.inW;
  int iy = line % (unsigned)w.inH;
  int sample = line / (unsigned)w.inH;
  float sum = 0.0f;
  for (int ky = 0; ky < w.kernelH; ky++) {
    int fromTop = iy + w.padTop - ky;
    int oy = fromTop / w.stride;
    if (fromTop < 0 || fromTop % w.stride != 0 || oy >= w.outH) {
      continue;
    }
    for (int kx = 0; kx < w.kernelW; kx++) {
      int fromLeft = ix + w.padLeft - kx;
      int ox = fromLeft / w.stride;
      if (fromLeft >= 0 && fromLeft % w.stride == 0 && ox < w.outW) {
        sum = fmaf(value(dy[((sample * w.outH + oy) * w.outW + ox) * channels + c]),
                   kernel[(ky * w.kernelW + kx) * channels + c], sum);
      }
    }
  }
  return sum;
}

KERNEL depthwise_input_gradient(const real* dy, const float* kernel, real* dx, Window w, int count, int channels) {
  FOR_EACH(i, count) {
    dx[i] = store(depthwiseInputSum(dy, kernel, w, i, channels));
  }
}

KERNEL depthwise_input_gradient_add(const real* dy, const float* kernel, real* dx, Window w, int count, int channels) {
  FOR_EACH(i, count) {
    dx[i] = store(value(dx[i]) + depthwiseInputSum(dy, kernel, w, i, channels));
  }
}
