// Both gradients of a 3x3 depthwise convolution in one pass. Each element of the input asks which outputs read it: their
// gradients, times the taps, add up to its own, and times its value to the kernel's. Nothing is added atomically and every
// order is fixed.
//
// What is read may be the gradient of the batch normalisation after the convolution, which is made raw on the way in; and
// the convolution's input may be a batch normalisation and ReLU6, which are made again here. Then dx is the gradient of
// the normalisation's result, and its two sums come along. Other windows: depthwise_input_gradient.cu and
// depthwise_kernel_gradient.cu.
#include "depthwise.cuh"

// Eight bytes each: the host passes them as one array.
struct DepthwiseGradients {
  const real *dy, *y;
  const float *savedAfter, *coefficients;  // of the normalisation after
  const real* x;
  const float *savedBefore, *gamma, *beta;  // of the normalisation before
  const float* kernel;
  real* dx;       // not wanted if null
  long long add;  // whether dx holds a gradient that this one is added to
  // For each group 9 sums of the kernel, then with a normalisation before it 2 as in normalize_gradient.cu; [channels] each.
  float* partial;
};

template <int WIDTH>
struct StoredGradient {
  const real* dy;

  __device__ StoredGradient(const DepthwiseGradients& t, int, int) : dy(t.dy) {}

  __device__ void at(int i, float (&to)[WIDTH]) const { load(dy + i, to); }
};

template <int WIDTH>
struct GradientMadeRaw {
  const real *dy, *y;
  RawGradient<WIDTH> raw;

  __device__ GradientMadeRaw(const DepthwiseGradients& t, int c, int channels)
      : dy(t.dy), y(t.y), raw(t.savedAfter, t.coefficients, c, channels) {}

  __device__ void at(int i, float (&to)[WIDTH]) const {
    float values[WIDTH];
    load(dy + i, to);
    load(y + i, values);
#pragma unroll
    for (int j = 0; j < WIDTH; j++) {
      to[j] = raw.of(to[j], values[j], j);
    }
  }
};

// Writes the gradient of one element of the input.
template <int WIDTH>
__device__ inline void putInputGradient(const StoredInput<WIDTH>&, const DepthwiseGradients& t, int at,
                                        const float (&)[WIDTH], float (&dx)[WIDTH], float*) {
  if (t.add) {
    float old[WIDTH];
    load(t.dx + at, old);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      dx[i] += old[i];
    }
  }
  save(dx, t.dx + at);
}

template <int WIDTH>
__device__ inline void putInputGradient(const NormalizedInput<WIDTH>& input, const DepthwiseGradients& t, int at,
                                        const float (&x)[WIDTH], float (&dx)[WIDTH], float* sums) {
  float raw[WIDTH];
  load(t.x + at, raw);
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    dx[i] = relu6Gradient(dx[i], x[i]);
    sums[i] = fmaf(dx[i], raw[i] - input.norm.mean[i], sums[i]);
    sums[WIDTH + i] += dx[i];
  }
  save(dx, t.dx + at);
}

template <int STRIDE, template <int> class Gradient, template <int> class Input>
__device__ void depthwiseBackward(const DepthwiseGradients& t, const Window& w, int lines, int linesPerGroup,
                                  int channels) {
  const int WIDTH = DEPTHWISE_WIDTH;
  const int SUMS = 9 + Input<WIDTH>::SUMS;
  int c = firstChannel<WIDTH>();
  bool mine = c < channels;
  Gradient<WIDTH> gradient(t, mine ? c : 0, channels);
  Input<WIDTH> input(t.x, t.savedBefore, t.gamma, t.beta, mine ? c : 0, channels);
  float sums[SUMS * WIDTH] = {};
  if (mine) {
    float taps[9][WIDTH];
    loadTaps(t.kernel + c, channels, taps);
    int strips = (w.inW + STRIP - 1) / STRIP;
    STRIPS_OF_GROUP(at, lines, linesPerGroup, strips) {
      int line = at / strips;
      int ix = at % strips * STRIP;
      float x[STRIP][WIDTH] = {};
      float dx[STRIP][WIDTH] = {};
#pragma unroll
      for (int j = 0; j < STRIP; j++) {
        if (ix + j < w.inW) {
          input.at((line * w.inW + ix + j) * channels + c, x[j]);
        }
      }
#pragma unroll
      for (int ky = 0; ky < 3; ky++) {
        int fromTop = line % w.inH + w.padTop - ky;
        if (fromTop < 0 || fromTop % STRIDE != 0 || fromTop / STRIDE >= w.outH) {
          continue;
        }
        int row = (line / w.inH * w.outH + fromTop / STRIDE) * w.outW;
        float d[STRIP + 2][WIDTH];
#pragma unroll
        for (int s = 0; s < STRIP + 2; s++) {
          int fromLeft = ix + w.padLeft - 2 + s;
          if (fromLeft >= 0 && fromLeft % STRIDE == 0 && fromLeft / STRIDE < w.outW) {
            gradient.at((row + fromLeft / STRIDE) * channels + c, d[s]);
          } else {
            d[s][0] = d[s][1] = 0.0f;
          }
        }
#pragma unroll
        for (int j = 0; j < STRIP; j++) {
#pragma unroll
          for (int kx = 0; kx < 3; kx++) {
#pragma unroll
            for (int i = 0; i < WIDTH; i++) {
              int tap = ky * 3 + kx;
              dx[j][i] = fmaf(d[j + 2 - kx][i], taps[tap][i], dx[j][i]);
              sums[tap * WIDTH + i] = fmaf(d[j + 2 - kx][i], x[j][i], sums[tap * WIDTH + i]);
            }
          }
        }
      }
#pragma unroll
      for (int j = 0; j < STRIP; j++) {
        if (t.dx && ix + j < w.inW) {
          putInputGradient(input, t, (line * w.inW + ix + j) * channels + c, x[j], dx[j], sums + 9 * WIDTH);
        }
      }
    }
  }
  sumRows(sums);
  if (threadIdx.y == 0 && mine) {
    for (int k = 0; k < SUMS; k++) {
      saveFloats<WIDTH>(sums + k * WIDTH, t.partial + (blockIdx.x * SUMS + k) * channels + c);
    }
  }
}

template <template <int> class Gradient, template <int> class Input>
__device__ void depthwiseBackwardOf(const DepthwiseGradients& t, const Window& w, int lines, int linesPerGroup,
                                    int channels) {
  if (w.stride == 1) {
    depthwiseBackward<1, Gradient, Input>(t, w, lines, linesPerGroup, channels);
  } else {
    depthwiseBackward<2, Gradient, Input>(t, w, lines, linesPerGroup, channels);
  }
}

KERNEL depthwise_backward(DepthwiseGradients t, Window w, int lines, int linesPerGroup, int channels) {
  depthwiseBackwardOf<StoredGradient, StoredInput>(t, w, lines, linesPerGroup, channels);
}

KERNEL depthwise_backward_after(DepthwiseGradients t, Window w, int lines, int linesPerGroup, int channels) {
  depthwiseBackwardOf<GradientMadeRaw, StoredInput>(t, w, lines, linesPerGroup, channels);
}

KERNEL depthwise_backward_before(DepthwiseGradients t, Window w, int lines, int linesPerGroup, int channels) {
  depthwiseBackwardOf<StoredGradient, NormalizedInput>(t, w, lines, linesPerGroup, channels);
}

KERNEL depthwise_backward_between(DepthwiseGradients t, Window w, int lines, int linesPerGroup, int channels) {
  depthwiseBackwardOf<GradientMadeRaw, NormalizedInput>(t, w, lines, linesPerGroup, channels);
}
