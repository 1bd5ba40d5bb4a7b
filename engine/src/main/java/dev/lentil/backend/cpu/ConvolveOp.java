package dev.lentil.backend.cpu;

import static dev.lentil.backend.cpu.kernels.Kernels.FRONT;

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
  private static final int TILE = 6;

  protected final Kernels kernels;
  private final PackedKernel kernel;
  protected final int depth;
  protected final Finish finish;
  private final OptionalInt residual;
  protected final int x;
  protected final int y;
  protected final float[] packed;
  protected final float[] bias;

  private ConvolveOp(Kernels kernels, PackedKernel kernel, Finish finish, OptionalInt residual, int x, int y) {
    this.kernels = kernels;
    this.kernel = kernel;
    this.finish = finish;
    this.residual = residual;
    this.x = x;
    this.y = y;
    depth = kernel.depth();
    packed = kernel.packed();
    bias = kernel.bias();
  }

  /** Channels that leave. */
  final int channels() {
    return kernel.channels();
  }

  @Override
  void refresh() {
    kernel.refresh();
  }

  protected final void multiply(int rows, float[] a, int aOff, float[] other, int otherOff, float[] to, int toOff) {
    int n = channels();
    kernels.multiply(rows, depth, n, a, aOff, depth, packed, bias, finish, other, otherOff, to, toOff, n);
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
    int n = channels();
    if (rows > FEW_ROWS) {
      int perTask = (rows / (4 * workers.count()) + TILE) / TILE * TILE;
      workers.runParts(rows, perTask, (from, count) -> multiply(count, a, aOff + from * depth, other,
          otherOff + from * n, to, toOff + from * n));
      return;
    }
    workers.runParts(n, kernels.panel(), (from, count) -> kernels.multiply(rows, depth, n, from, from + count, a, aOff,
        depth, packed, bias, finish, other, otherOff + from, to, toOff + from, n));
  }

  protected final void multiplyPanel(int rows, float[] a, int aOff, int nFrom, int nTo, float[] to, int toOff) {
    kernels.multiply(rows, depth, channels(), nFrom, nTo, a, aOff, depth, packed, bias,
        finish, NO_RESIDUAL, 0, to, toOff, kernels.panel());
  }

  /** A 1x1 convolution of stride 1 is the product of the pixels with the kernel; a dense layer has one pixel. */
  static final class Pointwise extends ConvolveOp {
    private final int outH;
    private final int outW;

    Pointwise(Kernels kernels, PackedKernel kernel, Window window, Finish finish, OptionalInt residual, int x,
        int y) {
      super(kernels, kernel, finish, residual, x, y);
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
      int n = channels();
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

  /** Any other window: the product of the pixels' patches with the kernel. */
  static final class Windowed extends ConvolveOp {
    /** Elements of patches to aim at: 64 kilobytes. */
    private static final int PATCHES_SIZE = 1 << 14;

    private final Window window;
    private final int in;
    /** Pixels of a row whose patches are made together. */
    private final int together;

    Windowed(Kernels kernels, PackedKernel kernel, Window window, int in, Finish finish, OptionalInt residual, int x,
        int y) {
      super(kernels, kernel, finish, residual, x, y);
      this.window = window;
      this.in = in;
      together = Math.min(window.outW(), Math.max(1, PATCHES_SIZE / depth / TILE) * TILE);
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
      int row = window.outW() * channels();
      for (int unit = from; unit < to; unit++) {
        int image = frame.offset(x) + unit / window.outH() * window.inH() * window.inW() * in;
        int oy = unit % window.outH();
        rows(frame.array(x), image, oy, oy + 1, residualArray(frame), residualOffset(frame) + unit * row,
            frame.array(y), frame.offset(y) + unit * row);
      }
    }

    @Override
    void rows(float[] image, int imageOff, int from, int to, float[] other, int otherOff, float[] y, int yOff) {
      int n = channels();
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
      float[] patches = Scratch.PATCHES.of(together * depth);
      for (int from = 0; from < window.outW(); from += together) {
        int to = Math.min(window.outW(), from + together);
        copyPatches(kernels, window, oy, from, to, in, image, imageOff, patches, FRONT);
        kernels.multiply(to - from, depth, channels(), nFrom, nTo, patches, FRONT, depth, packed, bias,
            finish, other, otherOff + from * yStride, y, yOff + from * yStride, yStride);
      }
    }
  }

  /**
   * Writes the patches of output pixels {@code from..to-1} of a row as {@code [to-from, kernelH*kernelW*in]}; places outside
   * the image are zero.
   */
  static void copyPatches(Kernels kernels, Window g, int oy, int from, int to, int in, float[] x, int image,
      float[] patches, int at) {
    int depth = g.kernelH() * g.kernelW() * in;
    int width = g.kernelW() * in;
    // the pixels that see no column outside the image
    int inner = Math.clamp(Math.ceilDiv(g.padLeft(), g.stride()), from, to);
    int innerEnd = Math.clamp(Math.floorDiv(g.inW() - g.kernelW() + g.padLeft(), g.stride()) + 1, inner, to);
    int rowSize = g.inW() * in;
    int top = oy * g.stride() - g.padTop();
    int kyFrom = Math.clamp(-top, 0, g.kernelH());
    int kyEnd = Math.clamp(g.inH() - top, kyFrom, g.kernelH());
    int first = image + (top + kyFrom) * rowSize + (inner * g.stride() - g.padLeft()) * in;
    kernels.patches(innerEnd - inner, kyEnd - kyFrom, width, x, first, rowSize, g.stride() * in, patches,
        at + (inner - from) * depth + kyFrom * width, depth);
    for (int ky = 0; ky < g.kernelH(); ky++) {
      int part = at + ky * width;
      if (ky < kyFrom || ky >= kyEnd) {
        for (int ox = from; ox < to; ox++) {
          Arrays.fill(patches, part + (ox - from) * depth, part + (ox - from) * depth + width, 0);
        }
        continue;
      }
      int row = image + (top + ky) * rowSize;
      edgePatches(g, from, inner, in, x, row, patches, part, depth);
      edgePatches(g, innerEnd, to, in, x, row, patches, part + (innerEnd - from) * depth, depth);
    }
  }

  /** What pixels {@code from..to-1} see of one row. */
  private static void edgePatches(Window g, int from, int to, int in, float[] x, int row, float[] patches, int at,
      int depth) {
    for (int ox = from; ox < to; ox++) {
      int firstColumn = ox * g.stride() - g.padLeft();
      int kxFrom = Math.clamp(-firstColumn, 0, g.kernelW());
      int kxEnd = Math.clamp(g.inW() - firstColumn, kxFrom, g.kernelW());
      int patch = at + (ox - from) * depth;
      Arrays.fill(patches, patch, patch + kxFrom * in, 0);
      System.arraycopy(x, row + (firstColumn + kxFrom) * in, patches, patch + kxFrom * in, (kxEnd - kxFrom) * in);
      Arrays.fill(patches, patch + kxEnd * in, patch + g.kernelW() * in, 0);
    }
  }
}
