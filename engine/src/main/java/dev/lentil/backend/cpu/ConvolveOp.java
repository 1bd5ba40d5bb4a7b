package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;
import java.util.Arrays;
import java.util.OptionalInt;

/** Convolution and dense layers, forward, as matrix products on a packed kernel. */
abstract class ConvolveOp extends Op.Range {
  private static final float[] NO_RESIDUAL = {};
  /** Rows of a product that go through a panel of its kernel together. */
  private static final int FEW_ROWS = 64;
  /** Rows of a product's register tile, at most. */
  private static final int TILE = 8;

  protected final Kernels kernels;
  protected final Folded folded;
  protected final int depth;
  protected final Finish finish;
  private final OptionalInt residual;
  protected final int x;
  protected final int y;
  protected final float[] packed;

  /** @param depth the products summed for one output: kernel height times width times input channels */
  private ConvolveOp(Kernels kernels, Folded folded, int depth, Finish finish, OptionalInt residual, int x, int y) {
    this.kernels = kernels;
    this.folded = folded;
    this.depth = depth;
    this.finish = finish;
    this.residual = residual;
    this.x = x;
    this.y = y;
    packed = new float[kernels.packedSize(depth, folded.channels()) + Kernels.SLACK];
  }

  /** Channels that leave. */
  final int channels() {
    return folded.channels();
  }

  @Override
  void refresh() {
    if (folded.refresh()) {
      int n = folded.channels();
      kernels.pack(folded.values(), folded.kernelOffset(), n, 1, depth, n, folded.scale(), packed);
    }
  }

  protected final void multiply(int rows, float[] a, int aOff, float[] other, int otherOff, float[] to, int toOff) {
    int n = folded.channels();
    kernels.multiply(rows, depth, n, a, aOff, depth, packed, folded.bias(), finish, other, otherOff, to, toOff, n);
  }

  /** What is added on the way out; not read where nothing is. */
  protected final float[] residualArray(Frame frame) {
    return residual.isPresent() ? frame.array(residual.getAsInt()) : NO_RESIDUAL;
  }

  protected final int residualOffset(Frame frame) {
    return residual.isPresent() ? frame.offset(residual.getAsInt()) : 0;
  }

  /**
   * Calculates output rows {@code from..to-1} of one image into {@code y}, the first of them at {@code yOff}, and adds
   * the residual whose row {@code from} starts at {@code otherOff}.
   */
  abstract void rows(float[] image, int imageOff, int from, int to, float[] other, int otherOff, float[] y, int yOff);

  /**
   * As {@link #rows}, for the channels {@code nFrom..nTo-1} alone, which are written to pixels {@code panel} elements apart;
   * nothing is added.
   */
  abstract void panel(float[] image, int imageOff, int from, int to, int nFrom, int nTo, float[] y, int yOff);

  /**
   * As {@link #multiply}, shared out among threads: by rows, or by channels where there are few rows, so that no thread reads
   * the whole kernel.
   */
  protected final void multiply(int rows, float[] a, int aOff, float[] other, int otherOff, float[] to, int toOff,
      Workers workers) {
    int n = folded.channels();
    if (rows > FEW_ROWS) {
      int perTask = (rows / (4 * workers.count()) + TILE) / TILE * TILE;
      workers.run((rows + perTask - 1) / perTask, (task, _) -> {
        int from = task * perTask;
        multiply(Math.min(rows - from, perTask), a, aOff + from * depth, other, otherOff + from * n, to,
            toOff + from * n);
      });
      return;
    }
    int panel = kernels.panel();
    workers.run((n + panel - 1) / panel, (task, _) -> {
      int from = task * panel;
      kernels.multiply(rows, depth, n, 0, depth, from, Math.min(n, from + panel), a, aOff, depth, packed,
          folded.bias(), finish, other, otherOff + from, to, toOff + from, n);
    });
  }

  protected final void multiplyPanel(int rows, float[] a, int aOff, int nFrom, int nTo, float[] to, int toOff) {
    kernels.multiply(rows, depth, folded.channels(), 0, depth, nFrom, nTo, a, aOff, depth, packed, folded.bias(),
        finish, NO_RESIDUAL, 0, to, toOff, kernels.panel());
  }

  /** A 1x1 convolution of stride 1 is the product of the pixels with the kernel; a dense layer has one pixel. */
  static final class Pointwise extends ConvolveOp {
    private final int outH;
    private final int outW;

    Pointwise(Kernels kernels, Folded folded, Window window, int in, Finish finish, OptionalInt residual, int x,
        int y) {
      super(kernels, folded, in, finish, residual, x, y);
      outH = window.outH();
      outW = window.outW();
    }

    @Override
    int units() {
      return outH * outW;
    }

    @Override
    int grain() {
      return 16;
    }

    @Override
    void range(Frame frame, int from, int to) {
      int n = folded.channels();
      multiply(to - from, frame.array(x), frame.offset(x) + from * depth, residualArray(frame),
          residualOffset(frame) + from * n, frame.array(y), frame.offset(y) + from * n);
    }

    @Override
    void run(Frame frame, Workers workers) {
      int rows = frame.samples() * units();
      if (workers.count() == 1 || rows > FEW_ROWS) {
        super.run(frame, workers);
      } else {
        multiply(rows, frame.array(x), frame.offset(x), residualArray(frame), residualOffset(frame), frame.array(y),
            frame.offset(y), workers);
      }
    }

    /** So many pixels in a row, from {@code x} into {@code y}; nothing is added. */
    void pixels(int count, float[] x, int xOff, float[] y, int yOff) {
      multiply(count, x, xOff, NO_RESIDUAL, 0, y, yOff);
    }

    @Override
    void rows(float[] image, int imageOff, int from, int to, float[] other, int otherOff, float[] y, int yOff) {
      multiply((to - from) * outW, image, imageOff + from * outW * depth, other, otherOff, y, yOff);
    }

    @Override
    void panel(float[] image, int imageOff, int from, int to, int nFrom, int nTo, float[] y, int yOff) {
      multiplyPanel((to - from) * outW, image, imageOff + from * outW * depth, nFrom, nTo, y, yOff);
    }
  }

  /**
   * Any other window. A row of the kernel sees neighbouring elements of the image, so the product is taken in parts, one for
   * each row of the kernel, straight from the image; only pixels at its left and right edge are copied first.
   */
  static final class Windowed extends ConvolveOp {
    private final Window window;
    private final int in;
    private final int inner;
    private final int innerEnd;
    /** What a row of the kernel outside the image sees, whichever pixel it is. */
    private final float[] outside;

    Windowed(Kernels kernels, Folded folded, Window window, int in, Finish finish, OptionalInt residual, int x, int y) {
      super(kernels, folded, window.kernelH() * window.kernelW() * in, finish, residual, x, y);
      this.window = window;
      this.in = in;
      inner = Math.min(window.outW(), (window.padLeft() + window.stride() - 1) / window.stride());
      innerEnd = Math.clamp(
          Math.floorDiv(window.inW() - window.kernelW() + window.padLeft(), window.stride()) + 1, inner, window.outW());
      outside = new float[window.kernelW() * in];
    }

    @Override
    int units() {
      return window.outH();
    }

    @Override
    int grain() {
      return 1;
    }

    @Override
    void range(Frame frame, int from, int to) {
      int row = window.outW() * folded.channels();
      for (int unit = from; unit < to; unit++) {
        int image = frame.offset(x) + unit / window.outH() * window.inH() * window.inW() * in;
        int oy = unit % window.outH();
        rows(frame.array(x), image, oy, oy + 1, residualArray(frame), residualOffset(frame) + unit * row,
            frame.array(y), frame.offset(y) + unit * row);
      }
    }

    @Override
    void rows(float[] image, int imageOff, int from, int to, float[] other, int otherOff, float[] y, int yOff) {
      int n = folded.channels();
      int row = window.outW() * n;
      for (int oy = from; oy < to; oy++) {
        row(image, imageOff, oy, 0, n, other, otherOff + (oy - from) * row, y, yOff + (oy - from) * row, n);
      }
    }

    @Override
    void panel(float[] image, int imageOff, int from, int to, int nFrom, int nTo, float[] y, int yOff) {
      int row = window.outW() * kernels.panel();
      for (int oy = from; oy < to; oy++) {
        row(image, imageOff, oy, nFrom, nTo, NO_RESIDUAL, 0, y, yOff + (oy - from) * row, kernels.panel());
      }
    }

    private void row(float[] image, int imageOff, int oy, int nFrom, int nTo, float[] other, int otherOff, float[] y,
        int yOff, int yStride) {
      edge(image, imageOff, oy, 0, inner, nFrom, nTo, other, otherOff, y, yOff, yStride);
      int part = window.kernelW() * in;
      for (int ky = 0; inner < innerEnd && ky < window.kernelH(); ky++) {
        int iy = oy * window.stride() - window.padTop() + ky;
        boolean inside = iy >= 0 && iy < window.inH();
        int first = imageOff + (iy * window.inW() + inner * window.stride() - window.padLeft()) * in;
        kernels.multiply(innerEnd - inner, depth, folded.channels(), ky * part, (ky + 1) * part, nFrom, nTo,
            inside ? image : outside, inside ? first : 0, inside ? window.stride() * in : 0, packed, folded.bias(),
            finish, other, otherOff + inner * yStride, y, yOff + inner * yStride, yStride);
      }
      edge(image, imageOff, oy, innerEnd, window.outW(), nFrom, nTo, other, otherOff, y, yOff, yStride);
    }

    private void edge(float[] image, int imageOff, int oy, int from, int to, int nFrom, int nTo, float[] other,
        int otherOff, float[] y, int yOff, int yStride) {
      if (from == to) {
        return;
      }
      float[] patches = Scratch.PATCHES.of((to - from) * depth);
      copyPatches(window, oy, from, to, in, image, imageOff, patches, 0);
      kernels.multiply(to - from, depth, folded.channels(), 0, depth, nFrom, nTo, patches, 0, depth, packed,
          folded.bias(), finish, other, otherOff + from * yStride, y, yOff + from * yStride, yStride);
    }
  }

  /**
   * Writes the patches of output pixels {@code from..to-1} of a row as {@code [to-from, kernelH*kernelW*in]}; places outside
   * the image are zero.
   */
  static void copyPatches(Window g, int oy, int from, int to, int in, float[] x, int image, float[] patches, int at) {
    int depth = g.kernelH() * g.kernelW() * in;
    int firstRow = oy * g.stride() - g.padTop();
    for (int ox = from; ox < to; ox++) {
      int firstColumn = ox * g.stride() - g.padLeft();
      int kxFrom = Math.min(g.kernelW(), Math.max(0, -firstColumn));
      int kxEnd = Math.max(kxFrom, Math.min(g.kernelW(), g.inW() - firstColumn));
      for (int ky = 0; ky < g.kernelH(); ky++) {
        int iy = firstRow + ky;
        int row = at + (ox - from) * depth + ky * g.kernelW() * in;
        if (iy < 0 || iy >= g.inH()) {
          Arrays.fill(patches, row, row + g.kernelW() * in, 0);
          continue;
        }
        Arrays.fill(patches, row, row + kxFrom * in, 0);
        System.arraycopy(x, image + (iy * g.inW() + firstColumn + kxFrom) * in, patches, row + kxFrom * in,
            (kxEnd - kxFrom) * in);
        Arrays.fill(patches, row + kxEnd * in, row + g.kernelW() * in, 0);
      }
    }
  }
}
