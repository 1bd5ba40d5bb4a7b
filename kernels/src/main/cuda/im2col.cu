// A windowed convolution as a matrix product: columns[output pixel][ky,kx,ci] holds what the window covers there, zeros
// outside the image, in the order of a kernel's rows. col2im is its transpose, gathered: each input element asks which
// windows cover it.
#include "lentil.cuh"

// Threads beside each other have the elements of a row of columns, so that a thread keeps its place in the window while it
// goes along a line of outputs. Rows of columns are `stride` apart; what lies between is zero, since memory takes whole sectors faster.
KERNEL im2col(const real* x, real* columns, Window w, int stride, int lines, int channels) {
  int wide = w.kernelW * channels;
  int inner = w.kernelH * wide;
  for (int line = blockIdx.x; line < lines; line += gridDim.x) {
    for (int i = threadIdx.x; i < stride; i += blockDim.x) {
      int iy = line % w.outH * w.stride - w.padTop + i / wide;
      bool inside = i < inner && iy >= 0 && iy < w.inH;
      const real* row = x + (line / w.outH * w.inH + iy) * w.inW * channels;
      int first = i % wide - w.padLeft * channels;
      for (int ox = threadIdx.y; ox < w.outW; ox += blockDim.y) {
        int at = first + ox * w.stride * channels;
        columns[(line * w.outW + ox) * stride + i] =
            inside && at >= 0 && at < w.inW * channels ? row[at] : store(0.0f);
      }
    }
  }
}

__device__ inline float covered(const real* columns, const Window& w, int stride, unsigned i, int channels) {
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
        sum += value(columns[window * stride + (ky * w.kernelW + kx) * channels + c]);
      }
    }
  }
  return sum;
}

KERNEL col2im(const real* columns, real* dx, Window w, int stride, int count, int channels) {
  FOR_EACH(i, count) {
    dx[i] = store(covered(columns, w, stride, i, channels));
  }
}

KERNEL col2im_add(const real* columns, real* dx, Window w, int stride, int count, int channels) {
  FOR_EACH(i, count) {
    dx[i] = store(value(dx[i]) + covered(columns, w, stride, i, channels));
  }
}
