package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;
import dev.lentil.plan.Step;
import dev.lentil.plan.Step.ParameterGradients;
import dev.lentil.plan.Target;
import java.util.Optional;

/**
 * Gradients of a depthwise convolution. With stride 1 the data gradient is itself a depthwise convolution, of dy with the
 * kernel turned by half a turn. The weight gradient is summed over a fixed number of groups of samples, then over the
 * groups in order, so that it does not depend on the number of threads.
 */
final class DepthwiseBackwardOp extends Op {
  private static final int GROUPS = 8;

  private final Kernels kernels;
  private final CpuParameters parameters;
  private final String kernel;
  private final Window window;
  private final Window turned;
  private final int c;
  private final int taps;
  private final int x;
  private final int dy;
  private final Optional<Target> dx;
  private final ParameterGradients wanted;
  private final float[] weights;
  private final float[] zeros;
  private long stamp = -1;

  DepthwiseBackwardOp(Kernels kernels, CpuParameters parameters, Step.DepthwiseConvolveBackward step, int channels) {
    this.kernels = kernels;
    this.parameters = parameters;
    kernel = step.forward().layer().name() + "/depthwise_kernel";
    window = step.forward().window();
    turned = new Window(window.outH(), window.outW(), window.kernelH(), window.kernelW(), 1,
        window.kernelH() - 1 - window.padTop(), window.kernelW() - 1 - window.padLeft(), window.inH(), window.inW());
    c = channels;
    taps = window.kernelH() * window.kernelW();
    x = step.forward().x();
    dy = step.dy();
    dx = step.dx();
    wanted = step.parameters();
    weights = new float[taps * c + Kernels.SLACK];
    zeros = new float[c + Kernels.SLACK];
  }

  @Override
  void refresh() {
    long newest = parameters.stamp(kernel);
    if (newest != stamp) {
      stamp = newest;
      int from = parameters.offset(kernel);
      for (int tap = 0; tap < taps; tap++) {
        int source = window.stride() == 1 ? taps - 1 - tap : tap;
        System.arraycopy(parameters.values(), from + source * c, weights, tap * c, c);
      }
    }
  }

  @Override
  void run(Frame frame, Workers workers) {
    if (wanted == ParameterGradients.WANTED) {
      weightGradient(frame, workers);
    }
    dx.ifPresent(target -> dataGradient(frame, target, workers));
  }

  private void dataGradient(Frame frame, Target target, Workers workers) {
    Finish finish = OpFactory.finish(target);
    float[] gradient = frame.array(target.value());
    int perTask = Math.max(1, 4096 / (window.inW() * c));
    int rows = frame.samples() * window.inH();
    workers.run((rows + perTask - 1) / perTask, (task, _) -> {
      for (int row = task * perTask; row < Math.min(rows, (task + 1) * perTask); row++) {
        int sample = row / window.inH();
        int iy = row % window.inH();
        int from = frame.offset(dy) + sample * window.outH() * window.outW() * c;
        int to = frame.offset(target.value()) + row * window.inW() * c;
        if (window.stride() == 1) {
          kernels.depthwiseRow(turned, iy, c, frame.array(dy), from, weights, zeros, finish, gradient, to);
        } else {
          kernels.depthwiseDataRow(window, iy, c, frame.array(dy), from, weights, finish, gradient, to);
        }
      }
    });
  }

  private void weightGradient(Frame frame, Workers workers) {
    int groups = Math.min(GROUPS, frame.samples());
    int stride = taps * c + Kernels.SLACK;
    float[] partial = new float[groups * stride];
    workers.run(groups, (group, _) -> {
      int end = (group + 1) * frame.samples() / groups;
      for (int sample = group * frame.samples() / groups; sample < end; sample++) {
        int image = frame.offset(x) + sample * window.inH() * window.inW() * c;
        for (int oy = 0; oy < window.outH(); oy++) {
          int row = frame.offset(dy) + (sample * window.outH() + oy) * window.outW() * c;
          kernels.depthwiseWeightRow(window, oy, c, frame.array(x), image, frame.array(dy), row, partial,
              group * stride);
        }
      }
    });
    float[] gradients = parameters.gradients();
    int to = parameters.offset(kernel);
    for (int i = 0; i < taps * c; i++) {
      double sum = 0;
      for (int group = 0; group < groups; group++) {
        sum += partial[group * stride + i];
      }
      gradients[to + i] = (float) sum;
    }
  }
}
