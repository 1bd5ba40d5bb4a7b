// Depthwise convolution: y[n,oy,ox,c] = sum over ky,kx of x[n,iy,ix,c] * kernel[ky,kx,c]. On the way in it may normalise
// what it reads, on the way out apply a folded batch normalisation or take the statistics for the next one.
#include "depthwise.cuh"
#include "epilogue.cuh"
#include "moments.cuh"

#undef BOUNDS
#define BOUNDS __launch_bounds__(DEPTHWISE_THREADS, 5)

struct DepthwiseTensors {
  const real* x;
  const float *saved, *gamma, *beta;  // of the normalisation before; if that is folded, its scale and shift
  const float* kernel;
  const float *scale, *shift;  // folded, see fold.cu
  float* partial;              // for batch_statistics_finish
  real* y;
};

// What becomes of a convolution's sums: of the first `pixels` of a strip, to be written from y on.
template <int WIDTH>
struct PlainOutput {
  __device__ PlainOutput(const DepthwiseTensors&, int, int) {}

  template <int PIXELS>
  __device__ void put(float (&values)[PIXELS][WIDTH], int pixels, real* y, int channels) {
#pragma unroll
    for (int j = 0; j < PIXELS; j++) {
      if (j < pixels) {
        save(values[j], along(y, channels, j));
      }
    }
  }
  __device__ void finish(const DepthwiseTensors&, int, int) {}
};

template <int WIDTH, class After>
struct FoldedAnd {
  float scale[WIDTH], shift[WIDTH];

  __device__ FoldedAnd(const DepthwiseTensors& t, int c, int) {
    loadFloats(t.scale + c, scale);
    loadFloats(t.shift + c, shift);
  }

  template <int PIXELS>
  __device__ void put(float (&values)[PIXELS][WIDTH], int pixels, real* y, int channels) {
#pragma unroll
    for (int j = 0; j < PIXELS; j++) {
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        values[j][i] = fmaf(values[j][i], scale[i], shift[i]);
      }
      After().apply(values[j], 0);
      if (j < pixels) {
        save(values[j], along(y, channels, j));
      }
    }
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

  template <int PIXELS>
  __device__ void put(float (&values)[PIXELS][WIDTH], int pixels, real* y, int channels) {
    if (moments.count == 0) {
      moments.begin(values[0]);
    }
#pragma unroll
    for (int j = 0; j < PIXELS; j++) {
      Pack<WIDTH> pack;
      pack.put(values[j]);
      if (j < pixels) {
        *(Pack<WIDTH>*)along(y, channels, j) = pack;
      }
      pack.get(values[j]);
      moments.addIf(j == 0 || j < pixels, values[j]);
    }
    moments.count += pixels;
  }
  __device__ void finish(const DepthwiseTensors& t, int c, int channels) { moments.finish(t.partial, c, channels); }
};

// sums[j] += row ky of the window at each of STRIP outputs, of a line of the input.
template <int STRIDE, int SPAN, int WIDTH>
__device__ inline void addLine(const float (&line)[SPAN][WIDTH], const float (&taps)[9][WIDTH], int ky,
                               float (&sums)[STRIP][WIDTH]) {
#pragma unroll
  for (int j = 0; j < STRIP; j++) {
#pragma unroll
    for (int kx = 0; kx < 3; kx++) {
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        sums[j][i] = fmaf(line[j * STRIDE + kx][i], taps[ky * 3 + kx][i], sums[j][i]);
      }
    }
  }
}

template <int WIDTH>
__device__ inline void move(const float (&from)[STRIP][WIDTH], float (&to)[STRIP][WIDTH]) {
#pragma unroll
  for (int j = 0; j < STRIP; j++) {
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      to[j][i] = from[j][i];
    }
  }
}

// 3x3, tile by tile. Each line of the input is read once and adds to all the outputs that it touches.
template <int STRIDE, template <int> class Input, template <int> class Output>
__device__ void depthwise3x3(const DepthwiseTensors& t, const Window& w, const Tiles& tiles, int channels) {
  const int WIDTH = DEPTHWISE_WIDTH;
  const int SPAN = (STRIP - 1) * STRIDE + 3;
  int c = firstChannel<WIDTH>();
  bool mine = c < channels;
  Input<WIDTH> input(t.saved, t.gamma, t.beta, mine ? c : 0, channels);
  Output<WIDTH> output(t, mine ? c : 0, channels);
  if (mine) {
    float taps[9][WIDTH];
    loadTaps(t.kernel + c, channels, taps);
#pragma unroll
    for (int tap = 0; tap < 9; tap++) {
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        taps[tap][i] *= input.one(i);
      }
    }
    TILES_OF_GROUP(at, tiles) {
      Tile tile(tiles, at, w.outH);
      int iy = tile.line * STRIDE - w.padTop;
      int ix = tile.column * STRIDE - w.padLeft;
      const real* from = t.x + ((tile.image * w.inH + iy) * w.inW + ix) * channels + c;
      real* to = t.y + ((tile.image * w.outH + tile.line) * w.outW + tile.column) * channels + c;
      int pixels = min(STRIP, w.outW - tile.column);
      unsigned columns = columnsInside<SPAN>(ix, w.inW);
      int lines = (tile.lines - 1) * STRIDE + 3;
      Span<SPAN, WIDTH> next;
      next.fetch(from, channels, iy >= 0 && iy < w.inH ? columns : 0u);
      // Sums that lack this line and all after it, and with stride 1 those of the output below.
      float sums[STRIP][WIDTH] = {};
      float below[STRIP][WIDTH] = {};
      for (int line = 0; line < lines; line++) {
        float values[SPAN][WIDTH];
        next.values(input, values);
        from = along(from, w.inW * channels, 1);
        iy++;
        next.fetch(from, channels, line + 1 < lines && iy >= 0 && iy < w.inH ? columns : 0u);
        if (STRIDE == 2 && line % 2 != 0) {
          addLine<STRIDE>(values, taps, 1, sums);
          continue;
        }
        float done[STRIP][WIDTH];
        move(sums, done);
        addLine<STRIDE>(values, taps, 2, done);
        float above[STRIP][WIDTH] = {};
        if (STRIDE == 1) {
          move(below, sums);
          addLine<STRIDE>(values, taps, 1, sums);
          addLine<STRIDE>(values, taps, 0, above);
          move(above, below);
        } else {
          addLine<STRIDE>(values, taps, 0, above);
          move(above, sums);
        }
        if (line >= 2) {
          // Likewise asked once for the whole strip.
          if (pixels == STRIP) {
            output.put(done, STRIP, to, channels);
          } else {
            output.put(done, pixels, to, channels);
          }
          to = along(to, w.outW * channels, 1);
        }
      }
    }
  }
  output.finish(t, c, channels);
}

// Any window and number of channels, element by element; tiles are single pixels.
template <template <int> class Input, template <int> class Output>
__device__ void depthwiseAny(const DepthwiseTensors& t, const Window& w, const Tiles& tiles, int channels) {
  int c = firstChannel<1>();
  bool mine = c < channels;
  Input<1> input(t.saved, t.gamma, t.beta, mine ? c : 0, channels);
  Output<1> output(t, mine ? c : 0, channels);
  if (mine) {
    TILES_OF_GROUP(at, tiles) {
      int line = at / w.outW;
      float sum[1][1] = {};
      for (int ky = 0; ky < w.kernelH; ky++) {
        int iy = line % w.outH * w.stride - w.padTop + ky;
        for (int kx = 0; kx < w.kernelW; kx++) {
          int ix = at % w.outW * w.stride - w.padLeft + kx;
          if (iy >= 0 && iy < w.inH && ix >= 0 && ix < w.inW) {
            float x[1];
            input.of(*(const Pack<1>*)(t.x + ((line / w.outH * w.inH + iy) * w.inW + ix) * channels + c), true, x);
            sum[0][0] = fmaf(x[0] * input.one(0), t.kernel[(ky * w.kernelW + kx) * channels + c], sum[0][0]);
          }
        }
      }
      output.put(sum, 1, t.y + at * channels + c, channels);
    }
  }
  output.finish(t, c, channels);
}

// The host, which cuts the tiles, says by their height 0 that there are none.
template <template <int> class Input, template <int> class Output>
__device__ void depthwiseOf(const DepthwiseTensors& t, const Window& w, const Tiles& tiles, int channels) {
  if (tiles.height == 0) {
    depthwiseAny<Input, Output>(t, w, tiles, channels);
  } else if (w.stride == 1) {
    depthwise3x3<1, Input, Output>(t, w, tiles, channels);
  } else {
    depthwise3x3<2, Input, Output>(t, w, tiles, channels);
  }
}

KERNEL depthwise(const real* x, const float* kernel, real* y, Window w, Tiles tiles, int channels) {
  DepthwiseTensors t = {x, 0, 0, 0, kernel, 0, 0, 0, y};
  depthwiseOf<StoredInput, PlainOutput>(t, w, tiles, channels);
}

KERNEL depthwise_affine(const real* x, const float* kernel, real* y, Window w, Tiles tiles, int channels, const float* scale, const float* shift) {
  DepthwiseTensors t = {x, 0, 0, 0, kernel, scale, shift, 0, y};
  depthwiseOf<StoredInput, FoldedOutput>(t, w, tiles, channels);
}

KERNEL depthwise_affine_relu6(const real* x, const float* kernel, real* y, Window w, Tiles tiles, int channels, const float* scale, const float* shift) {
  DepthwiseTensors t = {x, 0, 0, 0, kernel, scale, shift, 0, y};
  depthwiseOf<StoredInput, FoldedRelu6Output>(t, w, tiles, channels);
}

KERNEL depthwise_rectified_affine(const real* x, const float* kernel, real* y, Window w, Tiles tiles, int channels,
                                  const float* scaleBefore, const float* shiftBefore, const float* scale,
                                  const float* shift) {
  DepthwiseTensors t = {x, scaleBefore, shiftBefore, 0, kernel, scale, shift, 0, y};
  depthwiseOf<RectifiedInput, FoldedOutput>(t, w, tiles, channels);
}

KERNEL depthwise_rectified_affine_relu6(const real* x, const float* kernel, real* y, Window w, Tiles tiles,
                                        int channels, const float* scaleBefore, const float* shiftBefore,
                                        const float* scale, const float* shift) {
  DepthwiseTensors t = {x, scaleBefore, shiftBefore, 0, kernel, scale, shift, 0, y};
  depthwiseOf<RectifiedInput, FoldedRelu6Output>(t, w, tiles, channels);
}

KERNEL depthwise_measured(const real* x, const float* kernel, real* y, Window w, Tiles tiles, int channels, float* partial) {
  DepthwiseTensors t = {x, 0, 0, 0, kernel, 0, 0, partial, y};
  depthwiseOf<StoredInput, MeasuredOutput>(t, w, tiles, channels);
}

KERNEL depthwise_normalized(const real* x, const float* kernel, real* y, Window w, Tiles tiles, int channels, const float* saved, const float* gamma,
                            const float* beta) {
  DepthwiseTensors t = {x, saved, gamma, beta, kernel, 0, 0, 0, y};
  depthwiseOf<NormalizedInput, PlainOutput>(t, w, tiles, channels);
}

KERNEL depthwise_normalized_measured(const real* x, const float* kernel, real* y, Window w, Tiles tiles, int channels, const float* saved, const float* gamma,
                                     const float* beta, float* partial) {
  DepthwiseTensors t = {x, saved, gamma, beta, kernel, 0, 0, partial, y};
  depthwiseOf<NormalizedInput, MeasuredOutput>(t, w, tiles, channels);
}

#undef BOUNDS
#define BOUNDS
