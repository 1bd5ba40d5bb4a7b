package dev.lentil.backend.cpu;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;
import dev.lentil.plan.Step.ParameterGradients;
import dev.lentil.plan.Target;
import java.util.Arrays;
import java.util.Optional;

/**
 * Gradients of convolution and dense layers: {@code dx = dy transpose(w)}, {@code dw = transpose(x) dy}, {@code db = sum
 * of dy}. With a window larger than a pixel, x and dx are patches, copied from and added back to the image.
 */
final class ConvolveBackwardOp extends Op {
  /** Columns of dw that one task calculates. */
  private static final int COLUMNS = 256;
  /** Rows of dw that one task calculates. */
  private static final int ROWS = 32;
  /** Rows of dx that one task calculates. */
  private static final int INPUT_ROWS = 64;
  /** Rows of dy that are summed in float32 for db; their sums are added in float64. */
  private static final int SUM_ROWS = 128;

  private final Kernels kernels;
  private final CpuParameters parameters;
  private final String kernel;
  private final Optional<String> bias;
  private final Window window;
  private final int in;
  private final int out;
  private final int depth;
  /** Length of an array for the patches of one image; 0 of a window of one pixel, which is its own patch. */
  private final int patchesLength;
  private final int x;
  private final int dy;
  private final Optional<Target> dx;
  private final ParameterGradients wanted;
  private final Optional<TransposedKernel> back;

  ConvolveBackwardOp(Kernels kernels, CpuParameters parameters, String layer, Window window, int in, int out,
      boolean bias, int x, int dy, Optional<Target> dx, ParameterGradients wanted) {
    this.kernels = kernels;
    this.parameters = parameters;
    kernel = layer + "/kernel";
    this.bias = bias ? Optional.of(layer + "/bias") : Optional.empty();
    this.window = window;
    this.in = in;
    this.out = out;
    depth = window.kernelH() * window.kernelW() * in;
    patchesLength = window.isPointwise()
        ? 0
        : BackendException.requireArray((long) window.outH() * window.outW() * depth + Kernels.SLACK,
            "the gradient of layer '" + layer + "' by patches of one image",
            "use smaller images or a smaller kernel");
    this.x = x;
    this.dy = dy;
    this.dx = dx;
    this.wanted = wanted;
    back = dx.map(_ -> TransposedKernel.of(kernels, parameters, kernel, depth, out));
  }

  @Override
  void refresh() {
    back.ifPresent(TransposedKernel::refresh);
  }

  @Override
  void run(Frame frame, Workers workers) {
    boolean parametersWanted = wanted == ParameterGradients.WANTED;
    if (window.isPointwise()) {
      int rows = frame.samples() * window.outH() * window.outW();
      if (parametersWanted) {
        kernelGradient(rows, frame.array(x), frame.offset(x), frame, frame.offset(dy), Finish.STORE, workers);
      }
      dx.ifPresent(target -> inputGradient(frame, rows, target, workers));
    } else {
      float[] patches = new float[patchesLength];
      for (int sample = 0; sample < frame.samples(); sample++) {
        if (parametersWanted) {
          windowedKernelGradient(frame, sample, patches, workers);
        }
        if (dx.isPresent()) {
          windowedInputGradient(frame, sample, dx.get(), patches, workers);
        }
      }
    }
    if (parametersWanted) {
      bias.ifPresent(name -> biasGradient(frame, name));
    }
  }

  private void kernelGradient(int rows, float[] a, int aOff, Frame frame, int dyOff, Finish finish, Workers workers) {
    int down = Math.ceilDiv(depth, ROWS);
    int across = Math.ceilDiv(out, COLUMNS);
    float[] gradients = parameters.gradients();
    workers.run(down * across, (task, _) -> {
      int kFrom = task % down * ROWS;
      int nFrom = task / down * COLUMNS;
      kernels.multiplyTransposed(rows, depth, out, a, aOff, frame.array(dy), dyOff, gradients,
          parameters.offset(kernel),
          kFrom, Math.min(depth, kFrom + ROWS), nFrom, Math.min(out, nFrom + COLUMNS), finish);
    });
  }

  private void inputGradient(Frame frame, int rows, Target target, Workers workers) {
    workers.runParts(rows, INPUT_ROWS, (from, count) -> back.orElseThrow().multiply(count, frame.array(dy),
        frame.offset(dy) + from * out, OpFactory.finish(target), frame.array(target.value()),
        frame.offset(target.value()) + from * depth));
  }

  private void windowedKernelGradient(Frame frame, int sample, float[] patches, Workers workers) {
    int image = frame.offset(x) + sample * window.inH() * window.inW() * in;
    workers.run(window.outH(),
        (oy, _) -> ConvolveOp.copyPatches(kernels, window, oy, 0, window.outW(), in, frame.array(x),
            image, patches, oy * window.outW() * depth));
    int pixels = window.outH() * window.outW();
    kernelGradient(pixels, patches, 0, frame, frame.offset(dy) + sample * pixels * out,
        sample == 0 ? Finish.STORE : Finish.ACCUMULATE, workers);
  }

  private void windowedInputGradient(Frame frame, int sample, Target target, float[] patches, Workers workers) {
    int pixels = window.outH() * window.outW();
    int dyOff = frame.offset(dy) + sample * pixels * out;
    workers.run(window.outH(), (oy, _) -> back.orElseThrow().multiply(window.outW(), frame.array(dy),
        dyOff + oy * window.outW() * out, Finish.STORE, patches, oy * window.outW() * depth));
    float[] gradient = frame.array(target.value());
    int image = frame.offset(target.value()) + sample * window.inH() * window.inW() * in;
    if (target.mode() == Target.Mode.WRITE) {
      Arrays.fill(gradient, image, image + window.inH() * window.inW() * in, 0);
    }
    addPatches(patches, gradient, image);
  }

  /** The reverse of {@link ConvolveOp#copyPatches}: adds every patch where it came from, in order. */
  private void addPatches(float[] patches, float[] image, int imageOff) {
    for (int oy = 0; oy < window.outH(); oy++) {
      for (int ox = 0; ox < window.outW(); ox++) {
        int patch = (oy * window.outW() + ox) * depth;
        for (int ky = 0; ky < window.kernelH(); ky++) {
          int iy = oy * window.stride() - window.padTop() + ky;
          for (int kx = 0; iy >= 0 && iy < window.inH() && kx < window.kernelW(); kx++) {
            int ix = ox * window.stride() - window.padLeft() + kx;
            if (ix >= 0 && ix < window.inW()) {
              int to = imageOff + (iy * window.inW() + ix) * in;
              kernels.add(in, image, to, patches, patch + (ky * window.kernelW() + kx) * in, image, to);
            }
          }
        }
      }
    }
  }

  private void biasGradient(Frame frame, String name) {
    int rows = frame.samples() * window.outH() * window.outW();
    double[] total = new double[out];
    float[] sums = new float[out + Kernels.SLACK];
    for (int from = 0; from < rows; from += SUM_ROWS) {
      kernels.columnSums(Math.min(SUM_ROWS, rows - from), out, frame.array(dy), frame.offset(dy) + from * out, sums);
      for (int c = 0; c < out; c++) {
        total[c] += sums[c];
      }
    }
    int offset = parameters.offset(name);
    for (int c = 0; c < out; c++) {
      parameters.gradients()[offset + c] = (float) total[c];
    }
  }
}
