package dev.lentil.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bilinear sampling of an image along the rows of an affine map, coordinates outside clamped to the edge (scipy's {@code
 * affine_transform(order=1, mode="nearest")}).
 *
 * <p>A row at a time, in small loops that each do one thing: the compiler turns all but two of them into vector instructions, which it does
 * not do with one loop that does everything. Fetching the pixels cannot be vectorised, so it reads two neighbours with one instruction, and
 * calculates no colours.
 */
final class AffineSampler {
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  /** A long read at a pixel holds six bytes of it and its right neighbour, and two that may lie behind the image. */
  private static final int BEHIND = 2;
  /** Coordinates are fixed-point numbers with 32 fractional bits, off by at most 2^-32. */
  private static final int FRACTION_BITS = 32;
  /** As many of the fraction's bits as a float holds. */
  private static final int FLOAT_BITS = 24;

  private final byte[] rgb;
  private final int height;
  private final int width;
  /** Bytes from one input row to the next. */
  private final int stride;
  private final ImageMap.Affine affine;
  private final double[] map;
  private final Normalization normalization;

  // one output row: where its pixels lie in the input
  private final long[] y;
  private final long[] x;
  private final float[] down;
  private final float[] right;
  // the four input pixels around each, two and two, and what lies between
  private final long[] top;
  private final long[] bottom;
  private final float[] upper;
  private final float[] lower;
  private final float[][] colours;
  private final float[][] mixed;

  AffineSampler(byte[] rgb, int height, int width, Normalization normalization, ImageMap.Affine affine) {
    this.rgb = height == 1 || width == 1
        ? withNeighbours(rgb, height, width)
        : Arrays.copyOf(rgb, height * width * 3 + BEHIND);
    this.height = height;
    this.width = width;
    stride = Math.max(2, width) * 3;
    this.affine = affine;
    map = affine.coordinates();
    this.normalization = normalization;
    y = new long[width];
    x = new long[width];
    down = new float[width];
    right = new float[width];
    top = new long[width];
    bottom = new long[width];
    upper = new float[width];
    lower = new float[width];
    colours = new float[3][width];
    mixed = affine.colours().isPresent() ? new float[3][width] : colours;
  }

  /** An image of one row or column with that repeated, so that every pixel has neighbours. */
  private static byte[] withNeighbours(byte[] rgb, int height, int width) {
    int rows = Math.max(2, height);
    int columns = Math.max(2, width);
    var repeated = new byte[rows * columns * 3 + BEHIND];
    for (int i = 0; i < rows * columns; i++) {
      int from = Math.min(i / columns, height - 1) * width + Math.min(i % columns, width - 1);
      System.arraycopy(rgb, from * 3, repeated, i * 3, 3);
    }
    return repeated;
  }

  /** Flips apply to the result: output row r is written to row height-1-r, and columns likewise. */
  void sample(float[] out, int offset) {
    boolean flipHorizontal = affine.flipHorizontal();
    boolean flipVertical = affine.flipVertical();
    boolean recoloured = affine.colours().isPresent();
    int first = flipHorizontal ? width - 1 : 0;
    int step = flipHorizontal ? -1 : 1;
    var rowRamp = ramp(map[1] * step);
    var columnRamp = ramp(map[4] * step);
    for (int row = 0; row < height; row++) {
      positions(map[0] * row + map[1] * first + map[2], rowRamp, height, y);
      positions(map[3] * row + map[4] * first + map[5], columnRamp, width, x);
      fractions(y, down);
      fractions(x, right);
      fetch();
      for (int c = 0; c < 3; c++) {
        between(top, 8 * c, right, upper);
        between(bottom, 8 * c, right, lower);
        between(upper, lower, down, recoloured ? 1 : normalization.scale(c), recoloured ? 0 : normalization.shift(c),
            colours[c]);
      }
      if (recoloured) {
        affine.colours().orElseThrow().apply(normalization, colours, mixed);
      }
      interleave(out, offset + (flipVertical ? height - 1 - row : row) * width * 3);
    }
  }

  /** How far coordinates move along a row. */
  private long[] ramp(double step) {
    var ramp = new long[width];
    Arrays.setAll(ramp, i -> fixed(step * i));
    return ramp;
  }

  /**
   * Coordinates along a row, at most just below the last of {@code count} rows or columns: that one has no neighbour, but is one, and has all
   * the weight there.
   */
  private static void positions(double first, long[] ramp, int count, long[] out) {
    long last = Math.max(0, (count - 1L << FRACTION_BITS) - 1);
    long start = fixed(first);
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.min(Math.max(start + ramp[i], 0), last);
    }
  }

  private static long fixed(double coordinate) {
    return Math.round(coordinate * (1L << FRACTION_BITS));
  }

  private static void fractions(long[] positions, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = ((int) positions[i] >>> FRACTION_BITS - FLOAT_BITS) * (1f / (1 << FLOAT_BITS));
    }
  }

  private void fetch() {
    for (int i = 0; i < width; i++) {
      int at = (int) (y[i] >> FRACTION_BITS) * stride + (int) (x[i] >> FRACTION_BITS) * 3;
      top[i] = (long) LONG.get(rgb, at);
      bottom[i] = (long) LONG.get(rgb, at + stride);
    }
  }

  /** One colour, between two pixels beside each other. */
  private static void between(long[] pixels, int colour, float[] part, float[] out) {
    for (int i = 0; i < out.length; i++) {
      float left = (int) (pixels[i] >>> colour) & 0xFF;
      float right = (int) (pixels[i] >>> colour + 24) & 0xFF;
      out[i] = left + part[i] * (right - left);
    }
  }

  /** Between two values of one colour, and normalised. */
  private static void between(float[] first, float[] second, float[] part, float scale, float shift, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (first[i] + part[i] * (second[i] - first[i])) * scale + shift;
    }
  }

  private void interleave(float[] out, int offset) {
    var red = mixed[0];
    var green = mixed[1];
    var blue = mixed[2];
    for (int i = 0; i < width; i++) {
      out[offset + 3 * i] = red[i];
      out[offset + 3 * i + 1] = green[i];
      out[offset + 3 * i + 2] = blue[i];
    }
  }
}
