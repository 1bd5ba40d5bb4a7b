package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;
import dev.lentil.plan.Step;
import dev.lentil.plan.Step.ParameterGradients;
import dev.lentil.plan.Target;
import java.util.Optional;

/**
 * {@link Step.TrainConvolveBackward} of a depthwise convolution. An image is taken in bands of its rows, which go through
 * everything while in cache: the gradient of the result made raw, the input normalised again instead of kept, both gradients,
 * and the sums for the normalisation before. The weight gradient is summed for each image, then over the images in order.
 */
final class TrainDepthwiseBackwardOp extends Op {
  private final Kernels kernels;
  private final Step.TrainConvolveBackward step;
  private final DepthwiseGradient gradient;
  private final Window window;
  private final int c;
  private final Optional<NormalizedInput> before;
  private final Optional<GradientSums> sums;
  private final Optional<RawGradient> after;

  TrainDepthwiseBackwardOp(Kernels kernels, Step.TrainConvolveBackward step, DepthwiseGradient gradient, Window window,
      int channels, Optional<NormalizedInput> before, Optional<GradientSums> sums, Optional<RawGradient> after) {
    this.kernels = kernels;
    this.step = step;
    this.gradient = gradient;
    this.window = window;
    c = channels;
    this.before = before;
    this.sums = sums;
    this.after = after;
  }

  @Override
  void refresh() {
    gradient.refresh();
  }

  @Override
  void run(Frame frame, Workers workers) {
    before.ifPresent(input -> input.prepare(frame));
    after.ifPresent(raw -> raw.prepare(frame.array(step.forward().after().orElseThrow().saved()),
        frame.array(step.coefficients().orElseThrow())));
    sums.ifPresent(s -> s.start(frame.samples()));
    float[][] weights = new float[frame.samples()][];
    workers.run(frame.samples(), (sample, _) -> {
      weights[sample] = gradient.newSum();
      sample(frame, sample, weights[sample]);
    });
    if (step.parameters() == ParameterGradients.WANTED) {
      gradient.store(weights);
    }
    sums.ifPresent(s -> s.finish(frame, (long) frame.samples() * window.inH() * window.inW(),
        frame.array(step.dxCoefficients().orElseThrow())));
  }

  private void sample(Frame frame, int sample, float[] weights) {
    int in = window.inW() * c;
    int out = window.outW() * c;
    float[] x = frame.array(step.forward().x());
    int image = frame.offset(step.forward().x()) + sample * window.inH() * in;
    float[] dy = frame.array(step.dy());
    int result = frame.offset(step.dy()) + sample * window.outH() * out;
    int band = Math.max(1, TrainDepthwiseOp.BAND / in);
    Optional<SlidingRows> raw = after.map(a -> rawRows(frame, a, sample, dy, result, band, out));
    for (int from = 0; from < window.inH(); from += band) {
      int to = Math.min(window.inH(), from + band);
      int first = Math.max(0, Math.ceilDiv(from + window.padTop() - window.kernelH() + 1, window.stride()));
      int end = Math.max(first, Math.min(window.outH(), (to - 1 + window.padTop()) / window.stride() + 1));
      float[] d = raw.map(SlidingRows::array).orElse(dy);
      int dOff = raw.map(rows -> rows.moveTo(first, end)).orElse(result);
      if (step.parameters() == ParameterGradients.WANTED) {
        float[] input = x;
        int inputOff = image + from * in;
        if (before.isPresent()) {
          input = Scratch.INPUT.of((to - from) * in);
          inputOff = 0;
          before.get().apply((to - from) * window.inW(), x, image + from * in, input, 0);
        }
        for (int iy = from; iy < to; iy++) {
          kernels.depthwiseWeightRow(window, iy, c, input, inputOff + (iy - from) * in, d, dOff, weights, 0);
        }
      }
      if (step.dx().isPresent()) {
        Target target = step.dx().get();
        float[] dx = frame.array(target.value());
        int dxOff = frame.offset(target.value()) + sample * window.inH() * in + from * in;
        for (int iy = from; iy < to; iy++) {
          gradient.inputRow(iy, d, dOff, OpFactory.finish(target), dx, dxOff + (iy - from) * in);
        }
        int rows = (to - from) * window.inW();
        int start = image + from * in;
        sums.ifPresent(s -> s.add(sample, rows, before.orElseThrow(), x, start, dx, dxOff));
      }
    }
  }

  /** The gradient of the convolution's own result, row by row. */
  private SlidingRows rawRows(Frame frame, RawGradient after, int sample, float[] dy, int result, int band, int out) {
    float[] y = frame.array(step.forward().y());
    int yOff = frame.offset(step.forward().y()) + sample * window.outH() * out;
    int most = (band + window.kernelH() - 2) / window.stride() + 2;
    return new SlidingRows(Scratch.GRADIENT.of(most * out), out, (first, rows, to, at) -> after.apply(
        rows * window.outW(), dy, result + first * out, y, yOff + first * out, Finish.STORE, to, at));
  }
}
