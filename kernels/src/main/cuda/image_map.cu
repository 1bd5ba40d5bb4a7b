// A batch's input from images of bytes that the card holds: bilinear samples along an affine map, flips, colours,
// normalisation. One thread for each pixel of y [n,height,width,3].
//
// The same steps in the same order as dev.lentil.image.AffineSampler and ColourMatrix, each rounded by itself: the results
// are the processor's, bit for bit. So nothing here may be contracted to a fused multiply-add, which is what the
// intrinsics are for.
#include "lentil.cuh"

// As ImageRecords writes it.
struct Image {
  const unsigned char* pixels;  // [height,width,3]
  int affine, flipHorizontal, flipVertical, recoloured;
  // Input row = map[0] * row + map[1] * column + map[2], input column = map[3] * row + map[4] * column + map[5].
  double map[6];
  // Factors of input red, green and blue and a summand, for each output channel.
  float colours[3][4];
};

// As ImageRecords writes it: what a byte becomes, and the same as a factor and a summand.
struct Normalization {
  float ofByte[3][256];
  float scale[3], shift[3];
};

// Coordinates have 32 fractional bits. Halves go up, as in Java's Math.round.
__device__ inline long long fixedPoint(double coordinate) {
  double scaled = __dmul_rn(coordinate, 4294967296.0);
  double below = floor(scaled);
  return (long long)below + (__dadd_rn(scaled, -below) >= 0.5 ? 1 : 0);
}

// A coordinate along a row, at most just below the last of `count` rows or columns.
__device__ inline unsigned long long position(const double* m, int row, int first, int step, int i, int count) {
  double start = __dadd_rn(__dadd_rn(__dmul_rn(m[0], (double)row), __dmul_rn(m[1], (double)first)), m[2]);
  long long at = fixedPoint(start) + fixedPoint(__dmul_rn(__dmul_rn(m[1], (double)step), (double)i));
  long long last = count > 1 ? ((long long)(count - 1) << 32) - 1 : 0;
  return at < 0 ? 0 : at > last ? last : at;
}

// As many bits of the fraction as a float holds.
__device__ inline float fraction(unsigned long long position) {
  return __fmul_rn((float)((unsigned)position >> 8), 1.0f / 16777216.0f);
}

__device__ inline float between(float first, float second, float part) {
  return __fadd_rn(first, __fmul_rn(part, __fadd_rn(second, -first)));
}

__device__ inline float normalized(float x, const Normalization* n, int c) {
  return __fadd_rn(__fmul_rn(x, n->scale[c]), n->shift[c]);
}

KERNEL image_map(const Image* images, const Normalization* n, real* y, int count, int height, int width) {
  FOR_EACH(i, count) {
    const Image* image = images + i / (unsigned)(height * width);
    int outRow = i / (unsigned)width % (unsigned)height;
    int column = i % (unsigned)width;
    real* out = y + (size_t)i * 3;
    if (!image->affine) {
      const unsigned char* pixel = image->pixels + (outRow * width + column) * 3;
      for (int c = 0; c < 3; c++) {
        out[c] = store(n->ofByte[c][pixel[c]]);
      }
      continue;
    }
    int row = image->flipVertical ? height - 1 - outRow : outRow;
    int first = image->flipHorizontal ? width - 1 : 0;
    int step = image->flipHorizontal ? -1 : 1;
    unsigned long long atRow = position(image->map, row, first, step, column, height);
    unsigned long long atColumn = position(image->map + 3, row, first, step, column, width);
    float down = fraction(atRow);
    float right = fraction(atColumn);
    int top = (int)(atRow >> 32);
    int left = (int)(atColumn >> 32);
    const unsigned char* upper = image->pixels + (top * width + left) * 3;
    // An image of one row or column is its own neighbour.
    const unsigned char* lower = top + 1 < height ? upper + width * 3 : upper;
    int beside = left + 1 < width ? 3 : 0;
    float colours[3];
    for (int c = 0; c < 3; c++) {
      colours[c] = between(between((float)upper[c], (float)upper[c + beside], right),
                           between((float)lower[c], (float)lower[c + beside], right), down);
    }
    for (int c = 0; c < 3; c++) {
      float x = colours[c];
      if (image->recoloured) {
        const float* m = image->colours[c];
        x = __fadd_rn(__fadd_rn(__fadd_rn(__fmul_rn(m[0], colours[0]), __fmul_rn(m[1], colours[1])),
                                __fmul_rn(m[2], colours[2])),
                      m[3]);
        x = x > 0.0f ? x < 255.0f ? x : 255.0f : 0.0f;
      }
      out[c] = store(normalized(x, n, c));
    }
  }
}
