package dev.lentil.backend.cpu;

import static dev.lentil.backend.cpu.kernels.Kernels.FRONT;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;
import dev.lentil.plan.Step;
import dev.lentil.plan.Step.ParameterGradients;
import dev.lentil.plan.Target;
import java.util.Optional;

/**
 * {@link Step.TrainConvolveBackward} of a convolution: {@code dx = dy transpose(w)}, {@code dw = transpose(x) dy}. Blocks of
 * pixels go through everything while in cache: their gradient is made raw, their input normalised again instead of kept, both
 * products taken, and the result's sums for the normalisation before. The kernel gradient is summed for each group of pixels,
 * then over the groups in order.
 */
final class TrainConvolveBackwardOp extends Op {
  /** Elements of the kernel gradient that one task joins. */
  private static final int JOINED = 8192;
  /** A group has at least so many pixels where that leaves {@link #LEAST_GROUPS}: each costs a kernel gradient of memory. */
  private static final int SMALLEST_GROUP = 512;
  private static final int LEAST_GROUPS = 4;

  private final Kernels kernels;
  private final CpuParameters parameters;
  private final Step.TrainConvolveBackward step;
  private final String kernel;
  private final Optional<String> bias;
  private final Window window;
  private final int in;
  private final int out;
  private final int depth;
  private final Optional<NormalizedInput> before;
  private final Optional<GradientSums> sums;
  private final Optional<RawGradient> after;
  private final Optional<TransposedKernel> back;

  TrainConvolveBackwardOp(Kernels kernels, CpuParameters parameters, Step.TrainConvolveBackward step,
      Step.Convolve convolution, int in, int out, Optional<NormalizedInput> before, Optional<GradientSums> sums,
      Optional<RawGradient> after) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.step = step;
    kernel = convolution.layer().name() + "/kernel";
    bias = convolution.layer().bias() ? Optional.of(convolution.layer().name() + "/bias") : Optional.empty();
    window = convolution.window();
    this.in = in;
    this.out = out;
    depth = window.kernelH() * window.kernelW() * in;
    this.before = before;
    this.sums = sums;
    this.after = after;
    back = step.dx().map(_ -> TransposedKernel.of(kernels, parameters, kernel, depth, out));
  }

  @Override
  void refresh() {
    back.ifPresent(TransposedKernel::refresh);
  }

  /** The kernel and bias gradients of all groups. */
  private record Partial(float[] kernel, int stride, double[][] bias) {}

  @Override
  void run(Frame frame, Workers workers) {
    before.ifPresent(input -> input.prepare(frame));
    after.ifPresent(gradient -> gradient.prepare(frame.array(step.forward().after().orElseThrow().saved()),
        frame.array(step.coefficients().orElseThrow())));
    int rows = frame.samples() * window.outH() * window.outW();
    // A unit is a pixel, or with a larger window a row of the result, whose patches are copied together.
    int pixels = window.isPointwise() ? 1 : window.outW();
    Partition groups = Partition.of(rows / pixels, Math.max(1, SMALLEST_GROUP / pixels), LEAST_GROUPS);
    int stride = depth * out + Kernels.SLACK;
    boolean wanted = step.parameters() == ParameterGradients.WANTED;
    int room = wanted ? BackendException.requireArray((long) groups.groups() * stride) : 0;
    var partial = new Partial(Scratch.SHARED.of(room), stride,
        new double[groups.groups()][out]);
    sums.ifPresent(s -> s.start(groups.groups()));
    groups.run(workers, Math.max(1, TrainConvolveOp.block(depth, out) / pixels), (group, from, to) -> {
      int count = (to - from) * pixels;
      float[] dy = frame.array(step.dy());
      int dyOff = frame.offset(step.dy()) + from * pixels * out;
      if (after.isPresent()) {
        float[] raw = Scratch.GRADIENT.of(count * out);
        int y = step.forward().y();
        after.get().apply(count, dy, dyOff, frame.array(y), frame.offset(y) + from * pixels * out, Finish.STORE, raw,
            FRONT);
        dy = raw;
        dyOff = FRONT;
      }
      if (wanted) {
        Finish finish = from == groups.first(group) ? Finish.STORE : Finish.ACCUMULATE;
        parameterGradients(frame, from, to, count, dy, dyOff, partial, group, finish);
      }
      if (step.dx().isPresent()) {
        inputGradient(frame, step.dx().get(), from, count, dy, dyOff, group);
      }
    });
    if (wanted) {
      join(partial, groups.groups(), workers);
    }
    sums.ifPresent(s -> s.finish(frame, rows, frame.array(step.dxCoefficients().orElseThrow())));
  }

  private void parameterGradients(Frame frame, int from, int to, int count, float[] dy, int dyOff, Partial partial,
      int group, Finish finish) {
    float[] x = frame.array(step.forward().x());
    int xOff = frame.offset(step.forward().x()) + from * depth;
    if (!window.isPointwise()) {
      x = patches(frame, from, to);
      xOff = FRONT;
    } else if (before.isPresent()) {
      float[] normalized = Scratch.INPUT.of(count * depth);
      before.get().apply(count, x, xOff, normalized, FRONT);
      x = normalized;
      xOff = FRONT;
    }
    kernels.multiplyTransposed(count, depth, out, x, xOff, dy, dyOff, partial.kernel, FRONT + group * partial.stride,
        0, depth,
        0, out, finish);
    if (bias.isPresent()) {
      float[] block = new float[out + Kernels.SLACK];
      kernels.columnSums(count, out, dy, dyOff, block);
      for (int i = 0; i < out; i++) {
        partial.bias[group][i] += block[i];
      }
    }
  }

  private float[] patches(Frame frame, int from, int to) {
    float[] patches = Scratch.PATCHES.of((to - from) * window.outW() * depth);
    int x = step.forward().x();
    for (int unit = from; unit < to; unit++) {
      int image = frame.offset(x) + unit / window.outH() * window.inH() * window.inW() * in;
      ConvolveOp.copyPatches(kernels, window, unit % window.outH(), 0, window.outW(), in, frame.array(x), image,
          patches, FRONT + (unit - from) * window.outW() * depth);
    }
    return patches;
  }

  private void inputGradient(Frame frame, Target target, int from, int count, float[] dy, int dyOff, int group) {
    float[] dx = frame.array(target.value());
    int dxOff = frame.offset(target.value()) + from * depth;
    back.orElseThrow().multiply(count, dy, dyOff, OpFactory.finish(target), dx, dxOff);
    int x = step.forward().x();
    sums.ifPresent(s -> s.add(group, count, before.orElseThrow(), frame.array(x), frame.offset(x) + from * depth, dx,
        dxOff));
  }

  private void join(Partial partial, int groups, Workers workers) {
    float[] gradients = parameters.gradients();
    int to = parameters.offset(kernel);
    int size = depth * out;
    workers.runParts(size, JOINED, (from, count) -> {
      System.arraycopy(partial.kernel, FRONT + from, gradients, to + from, count);
      for (int group = 1; group < groups; group++) {
        kernels.add(count, gradients, to + from, partial.kernel, FRONT + group * partial.stride + from, gradients,
            to + from);
      }
    });
    bias.ifPresent(name -> {
      for (int i = 0; i < out; i++) {
        double sum = 0;
        for (double[] group : partial.bias) {
          sum += group[i];
        }
        gradients[parameters.offset(name) + i] = (float) sum;
      }
    });
  }
}
