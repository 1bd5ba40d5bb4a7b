package dev.lentil.backend.cpu;

import dev.lentil.nn.Window;
import dev.lentil.plan.Step;
import java.util.Optional;

/**
 * An inverted residual in strips of a few rows: widen the rows that the strip's window sees, filter them, narrow the
 * result into its place. The wide rows live in a buffer that fits the second-level cache; rows that the next strip needs
 * again move to its start. Each element is calculated as it would be without the fusion, so the bits are the same.
 */
final class InvertedResidualOp extends Op.Range {
  /** Elements of the wide buffer to aim at: a quarter of a megabyte. */
  private static final int BUFFER = 1 << 16;
  /** Pixels that a strip should have at least, so that a matrix product has whole tiles. */
  private static final int PIXELS = 48;

  private final Optional<ConvolveOp> widen;
  private final DepthwiseOp depthwise;
  private final ConvolveOp narrow;
  private final Window window;
  private final int wide;
  private final int out;
  private final int strip;
  private final int imageSize;
  private final int x;
  private final int y;

  /** @param in channels that enter */
  InvertedResidualOp(Optional<ConvolveOp> widen, DepthwiseOp depthwise, ConvolveOp narrow,
      Step.FusedInvertedResidual step, int in) {
    this.widen = widen;
    this.depthwise = depthwise;
    this.narrow = narrow;
    window = step.depthwise().window();
    wide = depthwise.channels();
    out = narrow.channels();
    int fits = (BUFFER / (window.inW() * wide) - window.kernelH()) / window.stride() + 1;
    strip = Math.clamp(fits, Math.min(window.outH(), (PIXELS + window.outW() - 1) / window.outW()), window.outH());
    Window first = step.widen().map(Step.FusedConvolve::window).orElse(window);
    imageSize = first.inH() * first.inW() * in;
    x = step.x();
    y = step.y();
  }

  @Override
  void refresh() {
    widen.ifPresent(Op::refresh);
    depthwise.refresh();
    narrow.refresh();
  }

  @Override
  int units() {
    return window.outH();
  }

  @Override
  int grain() {
    return strip;
  }

  @Override
  void range(Frame frame, int from, int to) {
    for (int unit = from; unit < to;) {
      int sample = unit / window.outH();
      int end = Math.min(to, (sample + 1) * window.outH());
      image(frame, sample, unit - sample * window.outH(), end - sample * window.outH());
      unit = end;
    }
  }

  /** Output rows {@code from..to-1} of one image. */
  private void image(Frame frame, int sample, int from, int to) {
    float[] image = frame.array(x);
    int imageOff = frame.offset(x) + sample * imageSize;
    int rowSize = window.inW() * wide;
    int capacity = (strip - 1) * window.stride() + window.kernelH();
    float[] rows = widen.isPresent() ? Scratch.WIDE.of(capacity * rowSize) : image;
    float[] filtered = Scratch.FILTERED.of(strip * window.outW() * wide);
    int haveFrom = 0;
    int haveTo = 0;
    for (int oy = from; oy < to; oy += strip) {
      int stripEnd = Math.min(to, oy + strip);
      int top = oy * window.stride() - window.padTop();
      int needFrom = Math.max(0, top);
      int needTo = Math.min(window.inH(), (stripEnd - 1) * window.stride() - window.padTop() + window.kernelH());
      int rowsOff = imageOff + needFrom * rowSize;
      if (widen.isPresent()) {
        rowsOff = 0;
        int kept = Math.max(0, haveTo - needFrom);
        System.arraycopy(rows, (haveTo - kept - haveFrom) * rowSize, rows, 0, kept * rowSize);
        widen.get().rows(image, imageOff, needFrom + kept, needTo, rows, 0, rows, kept * rowSize);
        haveFrom = needFrom;
        haveTo = needTo;
      }
      Window over = new Window(needTo - needFrom, window.inW(), window.kernelH(), window.kernelW(), window.stride(),
          needFrom - top, window.padLeft(), stripEnd - oy, window.outW());
      for (int row = 0; row < stripEnd - oy; row++) {
        depthwise.row(over, row, rows, rowsOff, filtered, row * window.outW() * wide);
      }
      int at = (sample * window.outH() + oy) * window.outW() * out;
      narrow.multiply((stripEnd - oy) * window.outW(), filtered, 0, narrow.residualArray(frame),
          narrow.residualOffset(frame) + at, frame.array(y), frame.offset(y) + at);
    }
  }
}
