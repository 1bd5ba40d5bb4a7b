// An image with zeros around it, [paddedH,paddedW] of them in all, and the transpose of that. cuDNN pads as much below as
// above; Keras with stride 2 below and right only. What no window reads may lie outside of the padded image.
#include "lentil.cuh"

KERNEL pad(const real* x, real* padded, Window w, int paddedH, int paddedW, int count, int channels) {
  FOR_EACH(i, count) {
    unsigned c = i % (unsigned)channels;
    unsigned pixel = i / (unsigned)channels;
    int ix = (int)(pixel % (unsigned)paddedW) - w.padLeft;
    unsigned line = pixel / (unsigned)paddedW;
    int iy = (int)(line % (unsigned)paddedH) - w.padTop;
    int sample = line / (unsigned)paddedH;
    bool inside = iy >= 0 && iy < w.inH && ix >= 0 && ix < w.inW;
    padded[i] = inside ? x[((sample * w.inH + iy) * w.inW + ix) * channels + c] : store(0.0f);
  }
}

__device__ inline float padded(const real* from, const Window& w, int paddedH, int paddedW, unsigned i, int channels) {
  unsigned c = i % (unsigned)channels;
  unsigned pixel = i / (unsigned)channels;
  int px = (int)(pixel % (unsigned)w.inW) + w.padLeft;
  unsigned line = pixel / (unsigned)w.inW;
  int py = (int)(line % (unsigned)w.inH) + w.padTop;
  int sample = line / (unsigned)w.inH;
  return py < paddedH && px < paddedW ? value(from[((sample * paddedH + py) * paddedW + px) * channels + c]) : 0.0f;
}

KERNEL crop(const real* from, real* x, Window w, int paddedH, int paddedW, int count, int channels) {
  FOR_EACH(i, count) {
    x[i] = store(padded(from, w, paddedH, paddedW, i, channels));
  }
}

KERNEL crop_add(const real* from, real* x, Window w, int paddedH, int paddedW, int count, int channels) {
  FOR_EACH(i, count) {
    x[i] = store(value(x[i]) + padded(from, w, paddedH, paddedW, i, channels));
  }
}
