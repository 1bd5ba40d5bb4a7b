package dev.lentil.backend.reference;

import dev.lentil.nn.Window;

/**
 * The geometry that both convolutions share. Output pixel {@code (oy, ox)} sees input pixel {@code (iy, ix)} through the
 * kernel element {@code (ky, kx)} where
 *
 * <pre>
 *   iy = oy * stride - padTop  + ky
 *   ix = ox * stride - padLeft + kx
 * </pre>
 *
 * Pixels outside the input are zero and contribute nothing, so they are skipped.
 */
final class KernelTaps {
  private KernelTaps() {}

  /** What a convolution does at one place. All three are indices of pixels; multiply by the channels for elements. */
  interface Tap {
    /**
     * @param inputPixel {@code (n * inH + iy) * inW + ix}
     * @param outputPixel {@code (n * outH + oy) * outW + ox}
     * @param kernelPixel {@code ky * kernelW + kx}
     */
    void at(int inputPixel, int outputPixel, int kernelPixel);
  }

  /** Visits every (input pixel, output pixel, kernel pixel) that belong together, for every sample of the batch. */
  static void forEach(int batch, Window w, Tap tap) {
    for (int n = 0; n < batch; n++) {
      for (int oy = 0; oy < w.outH(); oy++) {
        for (int ox = 0; ox < w.outW(); ox++) {
          for (int ky = 0; ky < w.kernelH(); ky++) {
            int iy = oy * w.stride() - w.padTop() + ky;
            if (iy < 0 || iy >= w.inH()) {
              continue;
            }
            for (int kx = 0; kx < w.kernelW(); kx++) {
              int ix = ox * w.stride() - w.padLeft() + kx;
              if (ix < 0 || ix >= w.inW()) {
                continue;
              }
              tap.at((n * w.inH() + iy) * w.inW() + ix, (n * w.outH() + oy) * w.outW() + ox, ky * w.kernelW() + kx);
            }
          }
        }
      }
    }
  }
}
