package dev.lentil.backend.cpu;

import dev.lentil.nn.Window;
import dev.lentil.plan.Step;
import java.util.Optional;

/**
 * {@link Step.TrainConvolve} of a depthwise convolution: an image is taken in bands of rows, which are normalised, filtered and
 * measured while in cache.
 */
final class TrainDepthwiseOp extends Op {
  /** Elements of a band: a quarter of a second-level cache, since what is read and what is written are in it. */
  static final int BAND = 64 * 1024;

  private final DepthwiseOp convolution;
  private final Step.TrainConvolve step;
  private final Window window;
  private final Optional<NormalizedInput> before;
  private final Optional<BatchMoments> after;
  private final int c;

  TrainDepthwiseOp(DepthwiseOp convolution, Step.TrainConvolve step, Window window, Optional<NormalizedInput> before,
      Optional<BatchMoments> after, int channels) {
    this.convolution = convolution;
    this.step = step;
    this.window = window;
    this.before = before;
    this.after = after;
    c = channels;
  }

  @Override
  void refresh() {
    convolution.refresh();
  }

  @Override
  void run(Frame frame, Workers workers) {
    before.ifPresent(input -> input.prepare(frame));
    after.ifPresent(moments -> moments.start(frame.samples()));
    workers.run(frame.samples(), (sample, _) -> sample(frame, sample));
    after.ifPresent(moments -> moments.finish(frame));
  }

  private void sample(Frame frame, int sample) {
    int in = window.inW() * c;
    int out = window.outW() * c;
    float[] x = frame.array(step.x());
    int image = frame.offset(step.x()) + sample * window.inH() * in;
    float[] y = frame.array(step.y());
    int result = frame.offset(step.y()) + sample * window.outH() * out;
    int band = Math.max(1, BAND / (in * window.stride()));
    int most = (band - 1) * window.stride() + window.kernelH();
    Optional<SlidingRows> normalized = before.map(input -> new SlidingRows(Scratch.INPUT.of(most * in), in,
        (first, rows, to, at) -> input.apply(rows * window.inW(), x, image + first * in, to, at)));
    for (int from = 0; from < window.outH(); from += band) {
      int to = Math.min(window.outH(), from + band);
      int first = Math.max(0, from * window.stride() - window.padTop());
      int end = Math.clamp((to - 1) * window.stride() - window.padTop() + window.kernelH(), first, window.inH());
      float[] source = normalized.map(SlidingRows::array).orElse(x);
      int origin = normalized.map(rows -> rows.moveTo(first, end)).orElse(image);
      for (int oy = from; oy < to; oy++) {
        convolution.row(oy, source, origin, y, result + oy * out);
      }
      int start = from;
      after.ifPresent(moments -> moments.add(sample, (to - start) * window.outW(), y, result + start * out));
    }
  }
}
