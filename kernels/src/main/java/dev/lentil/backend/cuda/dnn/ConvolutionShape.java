package dev.lentil.backend.cuda.dnn;

/**
 * A convolution as cuDNN sees it: NHWC, as many zeros below as above and right as left. Windows start at row
 * {@code oy * stride - padH}; what lies outside the input is zero.
 *
 * @param in channels of the input
 * @param out channels of the output
 * @param groups 1, or the number of channels for a depthwise convolution
 */
public record ConvolutionShape(int batch, int inH, int inW, int in, int outH, int outW, int out, int kernelH,
    int kernelW, int stride, int padH, int padW, int groups) {

  public ConvolutionShape {
    if (extent(inH, kernelH, padH, stride) != outH || extent(inW, kernelW, padW, stride) != outW) {
      throw new IllegalArgumentException("with the same padding on both sides the output is no " + outH + "x" + outW);
    }
  }

  /** The extent of the output by cuDNN's formula; 0 where the kernel is larger than the padded input, which cuDNN refuses. */
  public static int extent(int input, int kernel, int pad, int stride) {
    return Math.floorDiv(input + 2 * pad - kernel, stride) + 1;
  }
}
