package dev.lentil.backend.cpu;

import static dev.lentil.backend.cpu.kernels.Kernels.FRONT;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;
import dev.lentil.plan.Step;
import dev.lentil.plan.Step.ParameterGradients;
import dev.lentil.plan.Target;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@link Step.TrainConvolveBackward} of a depthwise convolution. An image is taken in bands of its rows, which go through
 * everything while in cache: the gradient of the result made raw, the input normalised again instead of kept, both gradients,
 * the sums for the normalisation before, and with {@link Step.ExpandedBackward} the products with the gradient too. The kernel
 * gradient is summed for each group of images, then over the groups in order.
 */
final class TrainDepthwiseBackwardOp extends Op {
  private final Kernels kernels;
  private final Step.TrainConvolve forward;
  private final int dy;
  private final OptionalInt coefficients;
  private final ParameterGradients wanted;
  private final DepthwiseGradient gradient;
  private final Window window;
  private final int c;
  private final Optional<NormalizedInput> before;
  private final Optional<GradientSums> sums;
  private final Optional<RawGradient> after;
  private final Result result;

  /** Where the gradient of what is read goes, or of what is normalised as it is read. */
  sealed interface Result {
    /** Nowhere. */
    record None() implements Result {}

    /** Into memory, the coefficients of the normalisation too, if there is one. */
    record Stored(Target dx, OptionalInt coefficients) implements Result {}

    /** Into the convolution before the normalisation. */
    record Expanded(ExpansionGradient expansion) implements Result {}
  }

  TrainDepthwiseBackwardOp(Kernels kernels, Step.TrainConvolve forward, int dy, OptionalInt coefficients,
      ParameterGradients wanted, DepthwiseGradient gradient, int channels, Optional<NormalizedInput> before,
      Optional<GradientSums> sums, Optional<RawGradient> after, Result result) {
    this.kernels = kernels;
    this.forward = forward;
    this.dy = dy;
    this.coefficients = coefficients;
    this.wanted = wanted;
    this.gradient = gradient;
    window = forward.convolution().window();
    c = channels;
    this.before = before;
    this.sums = sums;
    this.after = after;
    this.result = result;
  }

  @Override
  void refresh() {
    gradient.refresh();
  }

  @Override
  void run(Frame frame, Workers workers) {
    before.ifPresent(input -> input.prepare(frame));
    after.ifPresent(raw -> raw.prepare(frame.array(forward.after().orElseThrow().saved()),
        frame.array(coefficients.orElseThrow())));
    int samples = frame.samples();
    Partition groups =
        new Partition(samples, result instanceof Result.Expanded(var e) ? e.groups(samples) : samples);
    sums.ifPresent(s -> s.start(groups.groups()));
    if (result instanceof Result.Expanded(var expansion)) {
      expansion.start(frame, groups.groups());
    }
    float[][] kernelSums = new float[groups.groups()][];
    groups.run(workers, 1, (group, sample, _) -> {
      if (kernelSums[group] == null) {
        kernelSums[group] = gradient.newSum();
      }
      sample(frame, group, sample, kernelSums[group]);
    });
    if (wanted == ParameterGradients.WANTED) {
      gradient.store(kernelSums);
    }
    int rows = samples * window.inH() * window.inW();
    switch (result) {
      case Result.None _ -> {}
      case Result.Stored(_, var written) -> sums.ifPresent(
          s -> s.finish(frame, rows, frame.array(written.orElseThrow())));
      case Result.Expanded(var expansion) -> {
        float[] found = new float[3 * c];
        sums.orElseThrow().finish(frame, rows, found);
        expansion.finish(frame, found, rows, workers);
      }
    }
  }

  private void sample(Frame frame, int group, int sample, float[] kernelSums) {
    int in = window.inW() * c;
    int out = window.outW() * c;
    float[] x = frame.array(forward.x());
    int image = frame.offset(forward.x()) + sample * window.inH() * in;
    float[] gradients = frame.array(dy);
    int first = frame.offset(dy) + sample * window.outH() * out;
    int band = Math.max(1, TrainDepthwiseOp.BAND / in);
    Optional<SlidingRows> raw = after.map(a -> rawRows(frame, a, sample, gradients, first, band, out));
    for (int from = 0; from < window.inH(); from += band) {
      int to = Math.min(window.inH(), from + band);
      int top = Math.max(0, Math.ceilDiv(from + window.padTop() - window.kernelH() + 1, window.stride()));
      int end = Math.max(top, Math.min(window.outH(), (to - 1 + window.padTop()) / window.stride() + 1));
      float[] d = raw.map(SlidingRows::array).orElse(gradients);
      int dOff = raw.map(rows -> rows.moveTo(top, end)).orElse(first);
      int start = image + from * in;
      if (wanted == ParameterGradients.WANTED) {
        kernelGradient(from, to, x, start, d, dOff, kernelSums);
      }
      int row = sample * window.inH() + from;
      switch (result) {
        case Result.None _ -> {}
        case Result.Stored(Target dx, _) -> inputGradient(group, from, to, x, start, d, dOff, OpFactory.finish(dx),
            frame.array(dx.value()), frame.offset(dx.value()) + row * in);
        case Result.Expanded(var expansion) -> {
          float[] g = Scratch.WIDE.of((to - from) * in);
          inputGradient(group, from, to, x, start, d, dOff, Finish.STORE, g, FRONT);
          expansion.add(frame, group, row * window.inW(), (to - from) * window.inW(), g, FRONT);
        }
      }
    }
  }

  /** Of input rows {@code from..to-1}, of which the first is at {@code start}. */
  private void kernelGradient(int from, int to, float[] x, int start, float[] d, int dOff, float[] kernelSums) {
    int in = window.inW() * c;
    float[] input = x;
    int inputOff = start;
    if (before.isPresent()) {
      input = Scratch.INPUT.of((to - from) * in);
      inputOff = FRONT;
      before.get().apply((to - from) * window.inW(), x, start, input, FRONT);
    }
    for (int iy = from; iy < to; iy++) {
      kernels.depthwiseKernelGradientRow(window, iy, c, input, inputOff + (iy - from) * in, d, dOff, kernelSums, 0);
    }
  }

  private void inputGradient(int group, int from, int to, float[] x, int start, float[] d, int dOff, Finish finish,
      float[] dx, int dxOff) {
    int in = window.inW() * c;
    for (int iy = from; iy < to; iy++) {
      gradient.inputRow(iy, d, dOff, finish, dx, dxOff + (iy - from) * in);
    }
    sums.ifPresent(s -> s.add(group, (to - from) * window.inW(), before.orElseThrow(), x, start, dx, dxOff));
  }

  /** The gradient of the convolution's own result, row by row. */
  private SlidingRows rawRows(Frame frame, RawGradient after, int sample, float[] dy, int first, int band, int out) {
    float[] y = frame.array(forward.y());
    int yOff = frame.offset(forward.y()) + sample * window.outH() * out;
    int most = (band + window.kernelH() - 2) / window.stride() + 2;
    return new SlidingRows(Scratch.GRADIENT.of(most * out), out, (top, rows, to, at) -> after.apply(
        rows * window.outW(), dy, first + top * out, y, yOff + top * out, Finish.STORE, to, at));
  }
}
