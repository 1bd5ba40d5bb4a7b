// What the depthwise kernels share. A thread takes DEPTHWISE_WIDTH neighbouring channels of a tile: STRIP pixels side by side
// and a number of lines, from top to bottom, so that what windows share is loaded, normalised and unpacked once. What is read
// for the next line is on its way while the current one is calculated.
#pragma once
#include "normalization.cuh"

#define DEPTHWISE_WIDTH 2
#define STRIP 4

// The threads of a block: few, so that blocks of many registers fill a multiprocessor well.
#define DEPTHWISE_THREADS 128

// How images are cut: those of dev.lentil.backend.cuda.Tiles, counted from left to right, then from top to bottom, then from
// image to image. A block has perGroup of them, each of its lanes every blockDim.y-th.
struct Tiles {
  int height, across, down, count, perGroup;
};

#define TILES_OF_GROUP(at, tiles)                                     \
  for (int at = blockIdx.x * (tiles).perGroup + threadIdx.y,          \
           end = min((tiles).count, (int)((blockIdx.x + 1) * (tiles).perGroup)); \
       at < end; at += blockDim.y)

// Where a tile lies: its image, its first line and column, and its lines.
struct Tile {
  int image, line, column, lines;

  __device__ Tile(const Tiles& tiles, int at, int height) {
    column = at % tiles.across * STRIP;
    line = at / tiles.across % tiles.down * tiles.height;
    image = at / tiles.across / tiles.down;
    lines = min(tiles.height, height - line);
  }
};

// Bit s says whether column first + s exists.
template <int SPAN>
__device__ inline unsigned columnsInside(int first, int width) {
  unsigned inside = 0;
#pragma unroll
  for (int s = 0; s < SPAN; s++) {
    inside |= (unsigned)(first + s >= 0 && first + s < width) << s;
  }
  return inside;
}

// A thread's channels of SPAN neighbouring pixels as they are stored, zeros where `inside` has no bit.
template <int SPAN, int WIDTH>
struct Span {
  Pack<WIDTH> packs[SPAN];
  unsigned inside;

  // Most spans lie inside as a whole, and then nothing has to be asked of single pixels.
  __device__ bool whole() const { return inside == (1u << SPAN) - 1u; }

  __device__ void fetch(const real* from, int channels, unsigned columns) {
    inside = columns;
    if (whole()) {
#pragma unroll
      for (int s = 0; s < SPAN; s++) {
        packs[s] = *(const Pack<WIDTH>*)along(from, channels, s);
      }
    } else {
#pragma unroll
      for (int s = 0; s < SPAN; s++) {
        packs[s] = Pack<WIDTH>();
        if (inside >> s & 1u) {
          packs[s] = *(const Pack<WIDTH>*)along(from, channels, s);
        }
      }
    }
  }

  template <class Input>
  __device__ void values(const Input& input, float (&to)[SPAN][WIDTH]) const {
    if (whole()) {
#pragma unroll
      for (int s = 0; s < SPAN; s++) {
        input.of(packs[s], true, to[s]);
      }
    } else {
#pragma unroll
      for (int s = 0; s < SPAN; s++) {
        input.of(packs[s], inside >> s & 1u, to[s]);
      }
    }
  }
};

// The taps of a 3x3 kernel for a thread's channels, of which `kernel` is at the first.
template <int WIDTH>
__device__ inline void loadTaps(const float* kernel, int channels, float (&taps)[9][WIDTH]) {
#pragma unroll
  for (int tap = 0; tap < 9; tap++) {
    loadFloats(kernel + tap * channels, taps[tap]);
  }
}

// What a convolution reads, in units of `one`: what is stored, or that after batch normalisation, folded or not, and ReLU6. The
// padding is around the activations, so nothing is done to it.
template <int WIDTH>
struct StoredInput {
  static const int SUMS = 0;

  __device__ StoredInput(const float*, const float*, const float*, int, int) {}

  __device__ float one(int) const { return 1.0f; }

  __device__ void of(const Pack<WIDTH>& pack, bool, float (&to)[WIDTH]) const { pack.get(to); }
};

template <int WIDTH>
struct NormalizedInput {
  static const int SUMS = 2;
  RectifiedBatchNorm<WIDTH> norm;

  __device__ NormalizedInput(const float* saved, const float* gamma, const float* beta, int c, int channels)
      : norm(saved, gamma, beta, c, channels) {}

  __device__ float one(int i) const { return norm.one[i]; }

  __device__ void of(const Pack<WIDTH>& pack, bool inside, float (&to)[WIDTH]) const {
    pack.get(to);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      to[i] = inside ? norm.of(to[i], i) : 0.0f;
    }
  }
};

// Not by saturation, as statistics that are numbers do not say that what is read is one.
template <int WIDTH>
struct RectifiedInput {
  float scale[WIDTH], shift[WIDTH];

  __device__ RectifiedInput(const float* scales, const float* shifts, const float*, int c, int) {
    loadFloats(scales + c, scale);
    loadFloats(shifts + c, shift);
  }

  __device__ float one(int) const { return 1.0f; }

  __device__ void of(const Pack<WIDTH>& pack, bool inside, float (&to)[WIDTH]) const {
    pack.get(to);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      to[i] = inside ? relu6(fmaf(to[i], scale[i], shift[i])) : 0.0f;
    }
  }
};
