package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;
import java.util.List;

/**
 * The gradients of a depthwise convolution, row by row. With stride 1 the input gradient is itself a depthwise convolution, of dy
 * with the kernel turned by half a turn.
 */
final class DepthwiseGradient extends Derived {
  private final Kernels kernels;
  private final CpuParameters parameters;
  private final String kernel;
  private final Window window;
  private final Window turned;
  private final int c;
  private final int taps;
  private final float[] weights;
  private final float[] zeros;

  private DepthwiseGradient(Kernels kernels, CpuParameters parameters, String kernel, Window window, int channels) {
    super(parameters, List.of(kernel));
    this.kernels = kernels;
    this.parameters = parameters;
    this.kernel = kernel;
    this.window = window;
    turned = new Window(window.outH(), window.outW(), window.kernelH(), window.kernelW(), 1,
        window.kernelH() - 1 - window.padTop(), window.kernelW() - 1 - window.padLeft(), window.inH(), window.inW());
    c = channels;
    taps = window.kernelH() * window.kernelW();
    weights = new float[taps * c + Kernels.SLACK];
    zeros = new float[c + Kernels.SLACK];
  }

  static DepthwiseGradient of(Kernels kernels, CpuParameters parameters, String layer, Window window, int channels) {
    String kernel = layer + "/depthwise_kernel";
    return parameters.derived(DepthwiseGradient.class, kernels, kernel,
        () -> new DepthwiseGradient(kernels, parameters, kernel, window, channels));
  }

  @Override
  void make(float[] values) {
    int from = parameters.offset(kernel);
    for (int tap = 0; tap < taps; tap++) {
      int source = window.stride() == 1 ? taps - 1 - tap : tap;
      System.arraycopy(values, from + source * c, weights, tap * c, c);
    }
  }

  /**
   * One row of the input's gradient.
   *
   * @param dy the sample's first element
   * @param dx the row's first element
   */
  void inputRow(int iy, float[] dy, int dyOff, Finish finish, float[] dx, int dxOff) {
    if (window.stride() == 1) {
      kernels.depthwiseRow(turned, iy, c, dy, dyOff, weights, zeros, finish, dx, dxOff);
    } else {
      kernels.depthwiseInputGradientRow(window, iy, c, dy, dyOff, weights, finish, dx, dxOff);
    }
  }

  /** Zeros, to which a part of the kernel gradient is added. */
  float[] newSum() {
    return new float[taps * c + Kernels.SLACK];
  }

  /** Stores the kernel gradient, the sum of its parts in order. */
  void store(float[][] parts) {
    float[] gradients = parameters.gradients();
    int to = parameters.offset(kernel);
    for (int i = 0; i < taps * c; i++) {
      double sum = 0;
      for (float[] part : parts) {
        sum += part[i];
      }
      gradients[to + i] = (float) sum;
    }
  }
}
