// Both gradients of a 3x3 depthwise convolution in one pass. Each element of the input asks which outputs read it: their
// gradients, times the taps, add up to its own, and times its value to the kernel's. Nothing is added atomically and every
// order is fixed.
//
// What is read may be the gradient of the batch normalisation after the convolution, which is made raw on the way in; and
// the convolution's input may be a batch normalisation and ReLU6, which are made again here. Then dx is the gradient of
// the normalisation's result, and its two sums come along. Other windows: depthwise_input_gradient.cu and
// depthwise_kernel_gradient.cu.
#include "depthwise.cuh"

#undef BOUNDS
#define BOUNDS __launch_bounds__(DEPTHWISE_THREADS, 3)

// Eight bytes each: the host passes them as one array.
struct DepthwiseGradients {
  const real *dy, *y;
  const float *savedAfter, *coefficients;  // of the normalisation after
  const real* x;
  const float *savedBefore, *gamma, *beta;  // of the normalisation before
  const float* kernel;
  real* dx;       // not wanted if null
  long long add;  // whether dx holds a gradient that this one is added to
  // [9,channels,groups] sums of the kernel, then with a normalisation before it [2,channels,groups] as in normalize_gradient.cu.
  float* partial;
};

// The gradient of the convolution's result, made of what is stored.
template <int WIDTH>
struct StoredGradient {
  static const bool RAW = false;

  __device__ StoredGradient(const DepthwiseGradients&, int, int) {}

  __device__ void of(const Pack<WIDTH>& dy, const Pack<WIDTH>&, bool, float (&to)[WIDTH]) const { dy.get(to); }
};

template <int WIDTH>
struct GradientMadeRaw {
  static const bool RAW = true;
  RawGradient<WIDTH> raw;

  __device__ GradientMadeRaw(const DepthwiseGradients& t, int c, int channels)
      : raw(t.savedAfter, t.coefficients, c, channels) {}

  __device__ void of(const Pack<WIDTH>& dy, const Pack<WIDTH>& y, bool inside, float (&to)[WIDTH]) const {
    float values[WIDTH];
    dy.get(to);
    y.get(values);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      to[i] = inside ? raw.of(to[i], values[i], i) : 0.0f;
    }
  }
};

// A line of it, on its way from memory.
template <int SPAN, int WIDTH, class Gradient>
struct GradientSpan {
  Span<SPAN, WIDTH> dy, y;

  __device__ void fetch(const DepthwiseGradients& t, int at, int channels, unsigned columns) {
    dy.fetch(t.dy + at, channels, columns);
    if (Gradient::RAW) {
      y.fetch(t.y + at, channels, columns);
    }
  }

  __device__ void values(const Gradient& gradient, float (&to)[SPAN][WIDTH]) const {
    if (dy.whole()) {
#pragma unroll
      for (int s = 0; s < SPAN; s++) {
        gradient.of(dy.packs[s], y.packs[s], true, to[s]);
      }
    } else {
#pragma unroll
      for (int s = 0; s < SPAN; s++) {
        gradient.of(dy.packs[s], y.packs[s], dy.inside >> s & 1u, to[s]);
      }
    }
  }
};

// Writes the gradient of one pixel of the input.
template <int WIDTH>
__device__ inline void putInputGradient(const StoredInput<WIDTH>&, bool add, const Pack<WIDTH>&, const float (&)[WIDTH],
                                        float (&dx)[WIDTH], real* to, bool inside, float*) {
  if (inside) {
    if (add) {
      float old[WIDTH];
      load(to, old);
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        dx[i] += old[i];
      }
    }
    save(dx, to);
  }
}

// Of the normalisation's result, and its sums. x is a share of 6, and 0 outside.
template <int WIDTH>
__device__ inline void putInputGradient(const NormalizedInput<WIDTH>& input, bool, const Pack<WIDTH>& pack,
                                        const float (&x)[WIDTH], float (&dx)[WIDTH], real* to, bool inside,
                                        float* sums) {
  float raw[WIDTH];
  pack.get(raw);
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    dx[i] = x[i] > 0.0f && x[i] < 1.0f ? dx[i] : 0.0f;
    sums[i] = fmaf(dx[i], raw[i] - input.norm.mean[i], sums[i]);
    sums[WIDTH + i] += dx[i];
  }
  if (inside) {
    save(dx, to);
  }
}

// What row ky of the window does to a line of STRIP inputs, and they to the kernel's gradient. d begins two outputs before
// the first input's own with stride 1, one before with stride 2, where only every second tap meets an output.
template <int STRIDE, int SPAN, int WIDTH>
__device__ inline void addRow(const float (&d)[SPAN][WIDTH], const float (&taps)[9][WIDTH], int ky,
                              const float (&x)[STRIP][WIDTH], float (&dx)[STRIP][WIDTH], float* sums) {
#pragma unroll
  for (int j = 0; j < STRIP; j++) {
#pragma unroll
    for (int kx = 0; kx < 3; kx++) {
      if (STRIDE == 1 || (j + kx) % 2 == 0) {
        int s = STRIDE == 1 ? j - kx + 2 : (j - kx + 2) / 2;
        int tap = ky * 3 + kx;
#pragma unroll
        for (int i = 0; i < WIDTH; i++) {
          dx[j][i] = fmaf(d[s][i], taps[tap][i], dx[j][i]);
          sums[tap * WIDTH + i] = fmaf(d[s][i], x[j][i], sums[tap * WIDTH + i]);
        }
      }
    }
  }
}

template <int STRIDE, template <int> class Gradient, template <int> class Input>
__device__ void depthwiseBackward(const DepthwiseGradients& t, const Window& w, const Tiles& tiles, int channels) {
  const int WIDTH = DEPTHWISE_WIDTH;
  const int SUMS = 9 + Input<WIDTH>::SUMS;
  const int SPAN = STRIDE == 1 ? STRIP + 2 : STRIP / 2 + 1;
  // Lines of the output that a line of tiles reads beside its own.
  const int BEFORE = STRIDE == 1 ? 2 : 1;
  const int UNROLLED = STRIDE == 1 ? 3 : 1;
  int c = firstChannel<WIDTH>();
  bool mine = c < channels;
  Gradient<WIDTH> gradient(t, mine ? c : 0, channels);
  Input<WIDTH> input(t.savedBefore, t.gamma, t.beta, mine ? c : 0, channels);
  float sums[SUMS * WIDTH] = {};
  if (mine) {
    float taps[9][WIDTH];
    loadTaps(t.kernel + c, channels, taps);
    TILES_OF_GROUP(at, tiles) {
      // With stride 2 tiles begin where a window does and have pairs of lines.
      Tile tile(tiles, at, STRIDE == 1 ? w.inH : (w.inH + w.padTop + 1) / 2);
      int ix = STRIDE == 1 ? tile.column : tile.column - w.padLeft;
      int iy = STRIDE == 1 ? tile.line : 2 * tile.line - w.padTop;
      int ox = STRIDE == 1 ? ix + w.padLeft - 2 : tile.column / 2 - 1;
      int oy = STRIDE == 1 ? iy + w.padTop - 2 : tile.line - 1;
      unsigned inputs = columnsInside<STRIP>(ix, w.inW);
      unsigned outputs = columnsInside<SPAN>(ox, w.outW);
      int from = ((tile.image * w.outH + oy) * w.outW + ox) * channels + c;
      int to = ((tile.image * w.inH + iy) * w.inW + ix) * channels + c;
      GradientSpan<SPAN, WIDTH, Gradient<WIDTH>> next;
      next.fetch(t, from, channels, oy >= 0 && oy < w.outH ? outputs : 0u);
      Span<STRIP, WIDTH> x[STRIDE];
#pragma unroll
      for (int half = 0; half < STRIDE; half++) {
        int y = iy + half;
        x[half].fetch(t.x + to + half * w.inW * channels, channels, y >= 0 && y < w.inH ? inputs : 0u);
      }
      float old[BEFORE][SPAN][WIDTH];
      // After three lines with stride 1 each is in the registers that it began in, so that none has to be moved.
#pragma unroll UNROLLED
      for (int line = -BEFORE; line < tile.lines; line++) {
        float d[SPAN][WIDTH];
        next.values(gradient, d);
        from += w.outW * channels;
        oy++;
        next.fetch(t, from, channels, line + 1 < tile.lines && oy >= 0 && oy < w.outH ? outputs : 0u);
        if (line >= 0) {
#pragma unroll
          for (int half = 0; half < STRIDE; half++) {
            float values[STRIP][WIDTH];
            float dx[STRIP][WIDTH] = {};
            x[half].values(input, values);
            if (STRIDE == 1) {
              addRow<STRIDE>(old[0], taps, 2, values, dx, sums);
              addRow<STRIDE>(old[1 % BEFORE], taps, 1, values, dx, sums);
              addRow<STRIDE>(d, taps, 0, values, dx, sums);
            } else if (half == 0) {
              addRow<STRIDE>(old[0], taps, 2, values, dx, sums);
              addRow<STRIDE>(d, taps, 0, values, dx, sums);
            } else {
              addRow<STRIDE>(d, taps, 1, values, dx, sums);
            }
            if (t.dx) {
#pragma unroll
              for (int j = 0; j < STRIP; j++) {
                putInputGradient(input, t.add, x[half].packs[j], values[j], dx[j], along(t.dx + to, channels, j),
                                 x[half].inside >> j & 1u, sums + 9 * WIDTH);
              }
            }
            to += w.inW * channels;
            iy++;
            int ahead = iy + STRIDE - 1;
            x[half].fetch(t.x + to + (STRIDE - 1) * w.inW * channels, channels,
                          line + 1 < tile.lines && ahead >= 0 && ahead < w.inH ? inputs : 0u);
          }
        }
#pragma unroll
        for (int s = 0; s < SPAN; s++) {
#pragma unroll
          for (int i = 0; i < WIDTH; i++) {
            old[0][s][i] = BEFORE == 1 ? d[s][i] : old[BEFORE - 1][s][i];
            old[BEFORE - 1][s][i] = d[s][i];
          }
        }
      }
    }
#pragma unroll
    for (int tap = 0; tap < 9; tap++) {
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        sums[tap * WIDTH + i] *= input.one(i);
      }
    }
  }
  sumRows<DEPTHWISE_THREADS>(sums);
  if (threadIdx.y == 0 && mine) {
    for (int k = 0; k < SUMS; k++) {
      saveParts<WIDTH>(sums + k * WIDTH, t.partial, k * channels + c);
    }
  }
}

template <template <int> class Gradient, template <int> class Input>
__device__ void depthwiseBackwardOf(const DepthwiseGradients& t, const Window& w, const Tiles& tiles, int channels) {
  if (w.stride == 1) {
    depthwiseBackward<1, Gradient, Input>(t, w, tiles, channels);
  } else {
    depthwiseBackward<2, Gradient, Input>(t, w, tiles, channels);
  }
}

KERNEL depthwise_backward(DepthwiseGradients t, Window w, Tiles tiles, int channels) {
  depthwiseBackwardOf<StoredGradient, StoredInput>(t, w, tiles, channels);
}

KERNEL depthwise_backward_after(DepthwiseGradients t, Window w, Tiles tiles, int channels) {
  depthwiseBackwardOf<GradientMadeRaw, StoredInput>(t, w, tiles, channels);
}

KERNEL depthwise_backward_before(DepthwiseGradients t, Window w, Tiles tiles, int channels) {
  depthwiseBackwardOf<StoredGradient, NormalizedInput>(t, w, tiles, channels);
}

KERNEL depthwise_backward_between(DepthwiseGradients t, Window w, Tiles tiles, int channels) {
  depthwiseBackwardOf<GradientMadeRaw, NormalizedInput>(t, w, tiles, channels);
}

#undef BOUNDS
#define BOUNDS
