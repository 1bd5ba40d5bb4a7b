// Depthwise convolution: y[n,oy,ox,c] = sum over ky,kx of x[n,iy,ix,c] * kernel[ky,kx,c]. On the way in it may normalise
// what it reads, on the way out apply a folded batch normalisation or take the statistics for the next one.
#include "depthwise.cuh"
#include "epilogue.cuh"
#include "moments.cuh"

struct DepthwiseTensors {
  const real* x;
  const float *saved, *gamma, *beta;  // of the normalisation before
  const float* kernel;
  const float *scale, *shift;  // folded, see fold.cu
  float* partial;              // for batch_statistics_finish
  real* y;
};

template <int WIDTH>
struct PlainOutput {
  __device__ PlainOutput(const DepthwiseTensors&, int, int) {}
  __device__ void put(const float (&values)[WIDTH], real* y) { save(values, y); }
  __device__ void finish(const DepthwiseTensors&, int, int) {}
};

template <int WIDTH, class After>
struct FoldedAnd {
  float scale[WIDTH], shift[WIDTH];

  __device__ FoldedAnd(const DepthwiseTensors& t, int c, int) {
    loadFloats(t.scale + c, scale);
    loadFloats(t.shift + c, shift);
  }
  __device__ void put(float (&values)[WIDTH], real* y) {
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      values[i] = fmaf(values[i], scale[i], shift[i]);
    }
    After().apply(values, 0);
    save(values, y);
  }
  __device__ void finish(const DepthwiseTensors&, int, int) {}
};

template <int WIDTH>
using FoldedOutput = FoldedAnd<WIDTH, Nothing>;

template <int WIDTH>
using FoldedRelu6Output = FoldedAnd<WIDTH, Rectify>;

template <int WIDTH>
struct MeasuredOutput {
  Moments<WIDTH> moments;

  __device__ MeasuredOutput(const DepthwiseTensors&, int, int) {}
  __device__ void put(const float (&values)[WIDTH], real* y) {
    moments.add(values);
    save(values, y);
  }
  __device__ void finish(const DepthwiseTensors& t, int c, int channels) { moments.finish(t.partial, c, channels); }
};

// 3x3, strip by strip.
template <int STRIDE, template <int> class Input, template <int> class Output>
__device__ void depthwise3x3(const DepthwiseTensors& t, const Window& w, int lines, int linesPerGroup, int channels) {
  const int WIDTH = DEPTHWISE_WIDTH;
  const int SPAN = (STRIP - 1) * STRIDE + 3;
  int c = firstChannel<WIDTH>();
  bool mine = c < channels;
  Input<WIDTH> input(t.x, t.saved, t.gamma, t.beta, mine ? c : 0, channels);
  Output<WIDTH> output(t, mine ? c : 0, channels);
  if (mine) {
    float taps[9][WIDTH];
    loadTaps(t.kernel + c, channels, taps);
    int strips = (w.outW + STRIP - 1) / STRIP;
    STRIPS_OF_GROUP(at, lines, linesPerGroup, strips) {
      int line = at / strips;
      int ox = at % strips * STRIP;
      int top = line % w.outH * STRIDE - w.padTop;
      int left = ox * STRIDE - w.padLeft;
      float sums[STRIP][WIDTH] = {};
#pragma unroll
      for (int ky = 0; ky < 3; ky++) {
        int iy = top + ky;
        if (iy < 0 || iy >= w.inH) {
          continue;
        }
        int row = (line / w.outH * w.inH + iy) * w.inW;
        float values[SPAN][WIDTH];
#pragma unroll
        for (int s = 0; s < SPAN; s++) {
          int ix = left + s;
          if (ix >= 0 && ix < w.inW) {
            input.at((row + ix) * channels + c, values[s]);
          } else {
            values[s][0] = values[s][1] = 0.0f;
          }
        }
#pragma unroll
        for (int j = 0; j < STRIP; j++) {
#pragma unroll
          for (int kx = 0; kx < 3; kx++) {
#pragma unroll
            for (int i = 0; i < WIDTH; i++) {
              sums[j][i] = fmaf(values[j * STRIDE + kx][i], taps[ky * 3 + kx][i], sums[j][i]);
            }
          }
        }
      }
#pragma unroll
      for (int j = 0; j < STRIP; j++) {
        if (ox + j < w.outW) {
          output.put(sums[j], t.y + (line * w.outW + ox + j) * channels + c);
        }
      }
    }
  }
  output.finish(t, c, channels);
}

// Any window and number of channels, element by element.
template <template <int> class Input, template <int> class Output>
__device__ void depthwiseAny(const DepthwiseTensors& t, const Window& w, int lines, int linesPerGroup, int channels) {
  int c = firstChannel<1>();
  bool mine = c < channels;
  Input<1> input(t.x, t.saved, t.gamma, t.beta, mine ? c : 0, channels);
  Output<1> output(t, mine ? c : 0, channels);
  if (mine) {
    STRIPS_OF_GROUP(at, lines, linesPerGroup, w.outW) {
      int line = at / w.outW;
      float sum[1] = {};
      for (int ky = 0; ky < w.kernelH; ky++) {
        int iy = line % w.outH * w.stride - w.padTop + ky;
        for (int kx = 0; kx < w.kernelW; kx++) {
          int ix = at % w.outW * w.stride - w.padLeft + kx;
          if (iy >= 0 && iy < w.inH && ix >= 0 && ix < w.inW) {
            float x[1];
            input.at(((line / w.outH * w.inH + iy) * w.inW + ix) * channels + c, x);
            sum[0] = fmaf(x[0], t.kernel[(ky * w.kernelW + kx) * channels + c], sum[0]);
          }
        }
      }
      output.put(sum, t.y + at * channels + c);
    }
  }
  output.finish(t, c, channels);
}

// `strips` says which of the two, since the host has chosen blocks for it.
template <template <int> class Input, template <int> class Output>
__device__ void depthwiseOf(const DepthwiseTensors& t, const Window& w, int strips, int lines, int linesPerGroup,
                            int channels) {
  if (!strips) {
    depthwiseAny<Input, Output>(t, w, lines, linesPerGroup, channels);
  } else if (w.stride == 1) {
    depthwise3x3<1, Input, Output>(t, w, lines, linesPerGroup, channels);
  } else {
    depthwise3x3<2, Input, Output>(t, w, lines, linesPerGroup, channels);
  }
}

KERNEL depthwise(const real* x, const float* kernel, real* y, Window w, int strips, int lines, int linesPerGroup,
                 int channels) {
  DepthwiseTensors t = {x, 0, 0, 0, kernel, 0, 0, 0, y};
  depthwiseOf<StoredInput, PlainOutput>(t, w, strips, lines, linesPerGroup, channels);
}

KERNEL depthwise_affine(const real* x, const float* kernel, real* y, Window w, int strips, int lines,
                        int linesPerGroup, int channels, const float* scale, const float* shift) {
  DepthwiseTensors t = {x, 0, 0, 0, kernel, scale, shift, 0, y};
  depthwiseOf<StoredInput, FoldedOutput>(t, w, strips, lines, linesPerGroup, channels);
}

KERNEL depthwise_affine_relu6(const real* x, const float* kernel, real* y, Window w, int strips, int lines,
                              int linesPerGroup, int channels, const float* scale, const float* shift) {
  DepthwiseTensors t = {x, 0, 0, 0, kernel, scale, shift, 0, y};
  depthwiseOf<StoredInput, FoldedRelu6Output>(t, w, strips, lines, linesPerGroup, channels);
}

KERNEL depthwise_measured(const real* x, const float* kernel, real* y, Window w, int strips, int lines,
                          int linesPerGroup, int channels, float* partial) {
  DepthwiseTensors t = {x, 0, 0, 0, kernel, 0, 0, partial, y};
  depthwiseOf<StoredInput, MeasuredOutput>(t, w, strips, lines, linesPerGroup, channels);
}

KERNEL depthwise_normalized(const real* x, const float* kernel, real* y, Window w, int strips, int lines,
                            int linesPerGroup, int channels, const float* saved, const float* gamma,
                            const float* beta) {
  DepthwiseTensors t = {x, saved, gamma, beta, kernel, 0, 0, 0, y};
  depthwiseOf<NormalizedInput, PlainOutput>(t, w, strips, lines, linesPerGroup, channels);
}

KERNEL depthwise_normalized_measured(const real* x, const float* kernel, real* y, Window w, int strips, int lines,
                                     int linesPerGroup, int channels, const float* saved, const float* gamma,
                                     const float* beta, float* partial) {
  DepthwiseTensors t = {x, saved, gamma, beta, kernel, 0, 0, partial, y};
  depthwiseOf<NormalizedInput, MeasuredOutput>(t, w, strips, lines, linesPerGroup, channels);
}
