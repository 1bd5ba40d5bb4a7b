// Depthwise convolution: y[n,oy,ox,c] = sum over ky,kx of x[n,iy,ix,c] * kernel[ky,kx,c]. One thread makes one element;
// neighbouring threads take neighbouring channels, so every read is coalesced, and what windows share comes from cache.
#include "lentil.cuh"

__device__ inline float depthwiseSum(const real* x, const float* kernel, const Window& w, unsigned i, int channels) {
  unsigned c = i % (unsigned)channels;
  unsigned pixel = i / (unsigned)channels;
  int ox = pixel % (unsigned)w.outW;
  unsigned line = pixel / (unsigned)w.outW;
  int oy = line % (unsigned)w.outH;
  int sample = line / (unsigned)w.outH;
  float sum = 0.0f;
  for (int ky = 0; ky < w.kernelH; ky++) {
    int iy = oy * w.stride - w.padTop + ky;
    if (iy < 0 || iy >= w.inH) {
      continue;
    }
    for (int kx = 0; kx < w.kernelW; kx++) {
      int ix = ox * w.stride - w.padLeft + kx;
      if (ix >= 0 && ix < w.inW) {
        sum = fmaf(value(x[((sample * w.inH + iy) * w.inW + ix) * channels + c]),
                   kernel[(ky * w.kernelW + kx) * channels + c], sum);
      }
    }
  }
  return sum;
}

KERNEL depthwise(const real* x, const float* kernel, real* y, Window w, int count, int channels) {
  FOR_EACH(i, count) {
    y[i] = store(depthwiseSum(x, kernel, w, i, channels));
  }
}

// With the batch normalisation after it folded in: see fold.cu.
KERNEL depthwise_affine(const real* x, const float* kernel, const float* scale, const float* shift, real* y, Window w,
                        int count, int channels) {
  FOR_EACH(i, count) {
    int c = i % (unsigned)channels;
    y[i] = store(fmaf(depthwiseSum(x, kernel, w, i, channels), scale[c], shift[c]));
  }
}

KERNEL depthwise_affine_relu6(const real* x, const float* kernel, const float* scale, const float* shift, real* y,
                              Window w, int count, int channels) {
  FOR_EACH(i, count) {
    int c = i % (unsigned)channels;
    y[i] = store(relu6(fmaf(depthwiseSum(x, kernel, w, i, channels), scale[c], shift[c])));
  }
}
