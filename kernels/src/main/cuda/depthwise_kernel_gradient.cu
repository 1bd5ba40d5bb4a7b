// The gradient of a depthwise kernel, first of two stages: partial[group][tap][c] = sum over the group's output lines of
// dy[line,ox,c] * x[.., c]. Groups depend on the shape alone and sum_groups adds them in order, so the result does not
// depend on the card. Sums are float32, in registers for the usual kernel sizes.
#include "lentil.cuh"

// Reads dy once and keeps all SIZE x SIZE sums in registers.
template <int SIZE>
__device__ void kernelGradient(const real* dy, const real* x, float* partial, const Window& w, int lines,
                               int linesPerGroup, int channels) {
  int c = blockIdx.y * COLUMNS + threadIdx.x;
  int first = blockIdx.x * linesPerGroup;
  int end = min(lines, first + linesPerGroup);
  float sums[SIZE * SIZE];
#pragma unroll
  for (int tap = 0; tap < SIZE * SIZE; tap++) {
    sums[tap] = 0.0f;
  }
  if (c < channels) {
    for (int line = first; line < end; line++) {
      int sample = line / w.outH;
      int top = line % w.outH * w.stride - w.padTop;
      for (int ox = threadIdx.y; ox < w.outW; ox += LANES) {
        float d = value(dy[(line * w.outW + ox) * channels + c]);
        int left = ox * w.stride - w.padLeft;
#pragma unroll
        for (int ky = 0; ky < SIZE; ky++) {
          int iy = top + ky;
          bool inside = iy >= 0 && iy < w.inH;
#pragma unroll
          for (int kx = 0; kx < SIZE; kx++) {
            int ix = left + kx;
            if (inside && ix >= 0 && ix < w.inW) {
              sums[ky * SIZE + kx] =
                  fmaf(d, value(x[((sample * w.inH + iy) * w.inW + ix) * channels + c]), sums[ky * SIZE + kx]);
            }
          }
        }
      }
    }
  }
#pragma unroll
  for (int tap = 0; tap < SIZE * SIZE; tap++) {
    float sum = sumLanes(sums[tap]);
    if (threadIdx.y == 0 && c < channels) {
      partial[(blockIdx.x * SIZE * SIZE + tap) * channels + c] = sum;
    }
  }
}

KERNEL depthwise_kernel_gradient_3x3(const real* dy, const real* x, float* partial, Window w, int lines,
                                     int linesPerGroup, int channels) {
  kernelGradient<3>(dy, x, partial, w, lines, linesPerGroup, channels);
}

KERNEL depthwise_kernel_gradient_5x5(const real* dy, const real* x, float* partial, Window w, int lines,
                                     int linesPerGroup, int channels) {
  kernelGradient<5>(dy, x, partial, w, lines, linesPerGroup, channels);
}

// Any kernel size: one tap for each z of the grid, which reads dy as often as there are taps.
KERNEL depthwise_kernel_gradient(const real* dy, const real* x, float* partial, Window w, int lines,
                                 int linesPerGroup, int channels) {
  int c = blockIdx.y * COLUMNS + threadIdx.x;
  int tap = blockIdx.z;
  int ky = tap / w.kernelW;
  int kx = tap % w.kernelW;
  int first = blockIdx.x * linesPerGroup;
  int end = min(lines, first + linesPerGroup);
  float mine = 0.0f;
  if (c < channels) {
    for (int line = first; line < end; line++) {
      int sample = line / w.outH;
      int iy = line % w.outH * w.stride - w.padTop + ky;
      for (int ox = threadIdx.y; ox < w.outW; ox += LANES) {
        int ix = ox * w.stride - w.padLeft + kx;
        if (iy >= 0 && iy < w.inH && ix >= 0 && ix < w.inW) {
          mine = fmaf(value(dy[(line * w.outW + ox) * channels + c]),
                      value(x[((sample * w.inH + iy) * w.inW + ix) * channels + c]), mine);
        }
      }
    }
  }
  float sum = sumLanes(mine);
  if (threadIdx.y == 0 && c < channels) {
    partial[(blockIdx.x * gridDim.z + tap) * channels + c] = sum;
  }
}
