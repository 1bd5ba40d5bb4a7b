package dev.lentil.ham10000.image;

/**
 * Bilinear sampling of an image along the rows of an affine map, coordinates outside clamped to the edge (scipy's {@code
 * affine_transform(order=1, mode="nearest")}).
 *
 * <p>Most output pixels of an augmented image lie well inside the input. For each output row the span of such columns is found first; in it
 * nothing has to be clamped.
 */
final class AffineSampler {
  /**
   * Rounding must not carry a coordinate up to the last row or column, which has no neighbour; slopes such as sin(180 degrees) are
   * nearly but not quite zero. Below zero rounding does no harm.
   */
  private static final double MARGIN = 1e-6;

  private final byte[] rgb;
  private final int height;
  private final int width;
  private final double[] map;
  private final float redScale;
  private final float greenScale;
  private final float blueScale;
  private final float redShift;
  private final float greenShift;
  private final float blueShift;

  /** @param map as {@link Transform#inputCoordinates} */
  AffineSampler(byte[] rgb, int height, int width, Normalization normalization, double[] map) {
    this.rgb = rgb;
    this.height = height;
    this.width = width;
    this.map = map;
    redScale = normalization.scale(0);
    greenScale = normalization.scale(1);
    blueScale = normalization.scale(2);
    redShift = normalization.shift(0);
    greenShift = normalization.shift(1);
    blueShift = normalization.shift(2);
  }

  /** Flips apply to the result: output row r is written to row height-1-r, and columns likewise. */
  void sample(float[] out, int offset, boolean flipHorizontal, boolean flipVertical) {
    int step = flipHorizontal ? -3 : 3;
    for (int row = 0; row < height; row++) {
      double firstRow = map[0] * row + map[2];
      double firstColumn = map[3] * row + map[5];
      int target =
          offset + (flipVertical ? height - 1 - row : row) * width * 3 + (flipHorizontal ? (width - 1) * 3 : 0);
      // the columns whose input has a neighbour on every side
      double from = Math.max(entry(firstRow, map[1], height - 1), entry(firstColumn, map[4], width - 1));
      double to = Math.min(exit(firstRow, map[1], height - 1), exit(firstColumn, map[4], width - 1));
      int inside = (int) Math.clamp(Math.ceil(from), 0, width);
      int outside = (int) Math.clamp(Math.floor(to) + 1, inside, width);
      clamped(firstRow, firstColumn, 0, inside, out, target, step);
      interior(firstRow, firstColumn, inside, outside, out, target, step);
      clamped(firstRow, firstColumn, outside, width, out, target, step);
    }
  }

  /** The smallest t with 0 <= start + t * slope <= last - MARGIN. */
  private static double entry(double start, double slope, int last) {
    double end = last - MARGIN;
    if (slope == 0) {
      return start >= 0 && start <= end ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return slope > 0 ? -start / slope : (end - start) / slope;
  }

  /** The largest such t. */
  private static double exit(double start, double slope, int last) {
    double end = last - MARGIN;
    if (slope == 0) {
      return start >= 0 && start <= end ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
    return slope > 0 ? (end - start) / slope : -start / slope;
  }

  private void interior(double firstRow, double firstColumn, int from, int to, float[] out, int target, int step) {
    var pixels = rgb;
    int stride = width * 3;
    double rowSlope = map[1];
    double columnSlope = map[4];
    for (int column = from; column < to; column++) {
      double y = firstRow + rowSlope * column;
      double x = firstColumn + columnSlope * column;
      int top = (int) y;
      int left = (int) x;
      float down = (float) (y - top);
      float right = (float) (x - left);
      int a = top * stride + left * 3;
      int b = a + stride;
      float topLeft = (1 - down) * (1 - right);
      float topRight = (1 - down) * right;
      float bottomLeft = down * (1 - right);
      float bottomRight = down * right;
      float red = topLeft * (pixels[a] & 0xFF) + topRight * (pixels[a + 3] & 0xFF)
          + bottomLeft * (pixels[b] & 0xFF) + bottomRight * (pixels[b + 3] & 0xFF);
      float green = topLeft * (pixels[a + 1] & 0xFF) + topRight * (pixels[a + 4] & 0xFF)
          + bottomLeft * (pixels[b + 1] & 0xFF) + bottomRight * (pixels[b + 4] & 0xFF);
      float blue = topLeft * (pixels[a + 2] & 0xFF) + topRight * (pixels[a + 5] & 0xFF)
          + bottomLeft * (pixels[b + 2] & 0xFF) + bottomRight * (pixels[b + 5] & 0xFF);
      int at = target + column * step;
      out[at] = red * redScale + redShift;
      out[at + 1] = green * greenScale + greenShift;
      out[at + 2] = blue * blueScale + blueShift;
    }
  }

  private void clamped(double firstRow, double firstColumn, int from, int to, float[] out, int target, int step) {
    for (int column = from; column < to; column++) {
      double y = Math.clamp(firstRow + map[1] * column, 0.0, height - 1.0);
      double x = Math.clamp(firstColumn + map[4] * column, 0.0, width - 1.0);
      int top = (int) y;
      int left = (int) x;
      float down = (float) (y - top);
      float right = (float) (x - left);
      int a = (top * width + left) * 3;
      int besides = left + 1 < width ? 3 : 0;
      int below = top + 1 < height ? width * 3 : 0;
      int at = target + column * step;
      out[at] = between(a, besides, below, right, down) * redScale + redShift;
      out[at + 1] = between(a + 1, besides, below, right, down) * greenScale + greenShift;
      out[at + 2] = between(a + 2, besides, below, right, down) * blueScale + blueShift;
    }
  }

  private float between(int a, int besides, int below, float right, float down) {
    return (1 - down) * (1 - right) * (rgb[a] & 0xFF) + (1 - down) * right * (rgb[a + besides] & 0xFF)
        + down * (1 - right) * (rgb[a + below] & 0xFF) + down * right * (rgb[a + below + besides] & 0xFF);
  }
}
