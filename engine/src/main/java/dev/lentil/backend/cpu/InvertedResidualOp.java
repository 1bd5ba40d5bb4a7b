package dev.lentil.backend.cpu;

import static dev.lentil.backend.cpu.kernels.Kernels.FRONT;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Window;
import dev.lentil.plan.Step;
import java.util.Arrays;
import java.util.Optional;

/**
 * An inverted residual, whose wide values never reach memory. The wide channels are taken in groups as wide as a matrix
 * product's panel: a few rows of one group are made (one panel of the expansion), filtered while they are in the first-level
 * cache, and laid down in a buffer that fits the second-level cache; when all groups of a strip of rows are there, the
 * projection takes them. The rows of a group take turns in a ring, so that those that the next rows need again stay.
 * Each element is calculated as it would be without the fusion.
 */
final class InvertedResidualOp extends Op.Range {
  /** Elements of a group's wide rows to aim at: 64 kilobytes. */
  private static final int ROWS_SIZE = 1 << 14;
  /** Elements of the filtered values to aim at: half a megabyte. */
  private static final int FILTERED_SIZE = 1 << 17;
  /** Pixels that a product should have at least, so that it has whole tiles. */
  private static final int PIXELS = 48;
  /** Rows of an image that are enough for a thread, though the wide rows at their edge are made by two. */
  private static final int ROWS_PER_THREAD = 7;

  private final Kernels kernels;
  private final Optional<ConvolveOp> expand;
  private final DepthwiseGroups depthwise;
  private final ConvolveOp project;
  private final Window window;
  private final int wide;
  private final int out;
  private final int chunk;
  private final int strip;
  /** One, or one for each group where an image takes several strips: the rows that two strips need are then made once. */
  private final int rings;
  private final int imageSize;
  private final int x;
  private final int y;

  /** @param in channels that enter */
  InvertedResidualOp(Kernels kernels, Optional<ConvolveOp> expand, DepthwiseGroups depthwise, ConvolveOp project,
      Step.FusedInvertedResidual step, int in) {
    this.kernels = kernels;
    this.expand = expand;
    this.depthwise = depthwise;
    this.project = project;
    window = step.depthwise().window();
    wide = depthwise.channels();
    out = project.channels();
    int panel = kernels.panel();
    int fits = (ROWS_SIZE / (window.inW() * panel) - window.kernelH()) / window.stride() + 1;
    int tall = Math.ceilDiv(PIXELS, window.inW() * window.stride());
    chunk = Math.clamp(fits, Math.min(window.outH(), tall), window.outH());
    strip = Math.clamp(FILTERED_SIZE / (window.outW() * wide), chunk, window.outH());
    rings = strip < window.outH() ? depthwise.count() : 1;
    Window first = step.expand().map(Step.FusedConvolve::window).orElse(window);
    imageSize = first.inH() * first.inW() * in;
    x = step.x();
    y = step.y();
  }

  @Override
  void refresh() {
    expand.ifPresent(Op::refresh);
    depthwise.refresh();
    project.refresh();
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
    float[] filtered = Scratch.FILTERED.of(strip * window.outW() * wide);
    int[] have = new int[depthwise.count()];
    for (int unit = from; unit < to;) {
      int sample = unit / window.outH();
      int first = unit % window.outH();
      int end = Math.min(to - sample * window.outH(), Math.min(window.outH(), first + strip));
      if (first == 0) {
        Arrays.fill(have, 0);
      }
      for (int group = 0; group < depthwise.count(); group++) {
        have[group] = filter(frame, sample, group, have[group], first, end, filtered, FRONT);
      }
      project(frame, sample, first * window.outW(), end * window.outW(), filtered, FRONT);
      unit += end - first;
    }
  }

  /**
   * Several threads on one image take a piece of it each, whose filtered values then stay in the cache of one core. Where the
   * pieces would be too low the groups are shared out first, then the pixels.
   */
  @Override
  void run(Frame frame, Workers workers) {
    if (workers.count() == 1 || frame.samples() > 1) {
      super.run(frame, workers);
      return;
    }
    int threads = workers.count();
    if (window.outH() >= ROWS_PER_THREAD * threads) {
      workers.run(threads, (task, _) -> range(frame, task * window.outH() / threads,
          (task + 1) * window.outH() / threads));
      return;
    }
    int pixels = window.outH() * window.outW();
    float[] filtered = Scratch.SHARED.of(pixels * wide);
    // parts of an image that is large enough not to mind a row made twice
    int parts = Math.clamp(window.outH() / 14, 1, 4);
    workers.run(depthwise.count() * parts, (task, _) -> {
      int from = task % parts * window.outH() / parts;
      int to = (task % parts + 1) * window.outH() / parts;
      filter(frame, 0, task / parts, 0, from, to, filtered, FRONT + from * window.outW() * wide);
    });
    project.multiply(pixels, filtered, FRONT, project.residualArray(frame), project.residualOffset(frame),
        frame.array(y), frame.offset(y), workers);
  }

  /**
   * One group's channels of output rows {@code from..to-1} of the depthwise convolution.
   *
   * @param have so many of the image's wide rows were made before, the last of which may still be in the group's ring
   * @return how many there are now
   */
  private int filter(Frame frame, int sample, int group, int have, int from, int to, float[] filtered,
      int filteredOff) {
    int imageOff = frame.offset(x) + sample * imageSize;
    int rowSize = window.inW() * kernels.panel();
    int capacity = (chunk - 1) * window.stride() + window.kernelH();
    float[] wideRows = Scratch.WIDE.of((rings * capacity + 1) * rowSize);
    // the first row stands for those outside the image; input row i is in place i modulo capacity of the ring's
    int first = FRONT + rowSize + group % rings * capacity * rowSize;
    Arrays.fill(wideRows, FRONT, FRONT + rowSize, 0);
    int[] rows = new int[window.kernelH()];
    int made = have;
    for (int oy = from; oy < to; oy += chunk) {
      int end = Math.min(to, oy + chunk);
      made = Math.max(made, oy * window.stride() - window.padTop());
      int need = Math.min(window.inH(), (end - 1) * window.stride() - window.padTop() + window.kernelH());
      while (made < need) {
        int place = made % capacity;
        int until = Math.min(need, made + capacity - place);
        expand(frame.array(x), imageOff, group, made, until, wideRows, first + place * rowSize);
        made = until;
      }
      for (int row = oy; row < end; row++) {
        int top = row * window.stride() - window.padTop();
        for (int ky = 0; ky < rows.length; ky++) {
          int iy = top + ky;
          rows[ky] = iy < 0 || iy >= window.inH() ? FRONT : first + iy % capacity * rowSize;
        }
        depthwise.row(window, group, wideRows, rows, filtered,
            filteredOff + (row - from) * window.outW() * wide);
      }
    }
    return made;
  }

  private void expand(float[] image, int imageOff, int group, int from, int to, float[] rows, int rowsOff) {
    int panel = kernels.panel();
    int nFrom = group * panel;
    int nTo = Math.min(wide, nFrom + panel);
    if (expand.isPresent()) {
      expand.get().panel(image, imageOff, from, to, nFrom, nTo, rows, rowsOff);
      return;
    }
    kernels.copy((to - from) * window.inW(), nTo - nFrom, image, imageOff + from * window.inW() * wide + nFrom, wide,
        rows, rowsOff, panel);
  }

  /** Pixels {@code from..to-1} of the output, from their filtered values. */
  private void project(Frame frame, int sample, int from, int to, float[] filtered, int filteredOff) {
    int at = (sample * window.outH() * window.outW() + from) * out;
    project.multiply(to - from, filtered, filteredOff, project.residualArray(frame), project.residualOffset(frame) + at,
        frame.array(y), frame.offset(y) + at);
  }
}
