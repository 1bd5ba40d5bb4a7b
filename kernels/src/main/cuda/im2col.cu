// A windowed convolution as a matrix product: columns[output pixel][ky,kx,ci] holds what the window covers there, zeros
// outside the image, in the order of a kernel's rows. col2im is its transpose, gathered: each input element asks which
// windows cover it.
#include "lentil.cuh"

KERNEL im2col(const real* x, real* columns, Window w, int count, int channels) {
  FOR_EACH(i, count) {
    unsigned c = i % (unsigned)channels;
    unsigned rest = i / (unsigned)channels;
    int kx = rest % (unsigned)w.kernelW;
    rest /= (unsigned)w.kernelW;
    int ky = rest % (unsigned)w.kernelH;
    unsigned pixel = rest / (unsigned)w.kernelH;
    int ox = pixel % (unsigned)w.outW;
    unsigned line = pixel / (unsigned)w.outW;
    int iy = (int)(line % (unsigned)w.outH) * w.stride - w.padTop + ky;
    int ix = ox * w.stride - w.padLeft + kx;
    int sample = line / (unsigned)w.outH;
    bool inside = iy >= 0 && iy < w.inH && ix >= 0 && ix < w.inW;
    columns[i] = inside ? x[((sample * w.inH + iy) * w.inW + ix) * channels + c] : store(0.0f);
  }
}

__device__ inline float covered(const real* columns, const Window& w, unsigned i, int channels) {
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
        int window = (sample * w.outH + oy) * w.outW + ox;
        sum += value(columns[((window * w.kernelH + ky) * w.kernelW + kx) * channels + c]);
      }
    }
  }
  return sum;
}

KERNEL col2im(const real* columns, real* dx, Window w, int count, int channels) {
  FOR_EACH(i, count) {
    dx[i] = store(covered(columns, w, i, channels));
  }
}

KERNEL col2im_add(const real* columns, real* dx, Window w, int count, int channels) {
  FOR_EACH(i, count) {
    dx[i] = store(value(dx[i]) + covered(columns, w, i, channels));
  }
}
