// The gradient of a depthwise kernel of any window, first of two stages: partial[tap][c][group] = sum over the group's output
// lines of dy[line,ox,c] * x[.., c]. Groups depend on the shape alone and sum_groups adds them in order, so the result does
// not depend on the card. One tap for each z of the grid, which reads dy as often as there are taps; 3x3 windows have a
// faster one in depthwise_backward.cu.
#include "lentil.cuh"

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
    part(partial, tap * channels + c) = sum;
  }
}
