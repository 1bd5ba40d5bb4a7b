package dev.lentil.nn;

import dev.lentil.tensor.Shape;

/**
 * A convolution's geometry on one input size: an input of {@code [inH,inW]}, a kernel of {@code [kernelH,kernelW]} moved
 * by {@code stride}, {@code padTop} and {@code padLeft} zeros before the first row and column, and an output of
 * {@code [outH,outW]}. Output row {@code oy} reads input rows {@code oy * stride - padTop + ky}; rows outside the input
 * are zero.
 */
public record Window(int inH, int inW, int kernelH, int kernelW, int stride, int padTop, int padLeft, int outH,
    int outW) {
  /** A single pixel seen by a single pixel: a dense layer's. */
  public static final Window PIXEL = new Window(1, 1, 1, 1, 1, 0, 0, 1, 1);

  /**
   * @param input the shape {@code [h,w,c]} that the kernel moves over
   * @throws IllegalArgumentException if the kernel does not fit the padded input
   */
  public static Window of(Shape input, int kernelH, int kernelW, int stride, Padding padding) {
    int inH = input.extent(0);
    int inW = input.extent(1);
    int outH = padding.outputExtent(inH, kernelH, stride);
    int outW = padding.outputExtent(inW, kernelW, stride);
    if (outH < 1 || outW < 1) {
      throw new IllegalArgumentException(
          "a " + kernelH + "x" + kernelW + " kernel does not fit an input of " + inH + "x" + inW + " padded as "
              + padding + "; take a smaller kernel or the padding KERAS");
    }
    return new Window(inH, inW, kernelH, kernelW, stride,
        padding.before(inH, kernelH, stride), padding.before(inW, kernelW, stride), outH, outW);
  }

  /** Whether the window is a single pixel moved by one, so that the convolution is a matrix product. */
  public boolean isPointwise() {
    return kernelH == 1 && kernelW == 1 && stride == 1 && padTop == 0 && padLeft == 0;
  }
}
