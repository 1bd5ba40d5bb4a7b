package dev.lentil.mobilenetv2.image;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Ways to bring an image to the network's size; both give the bytes that Pillow gives. */
public enum Resize {
  /**
   * Pillow's {@code Image.resize(size, BILINEAR)}: a triangle filter, widened by the factor of reduction, so that shrinking averages instead of
   * dropping pixels. Two passes, horizontal then vertical, in fixed point with 22 fractional bits, each rounded to bytes.
   *
   * <p>Source: Pillow, {@code src/libImaging/Resample.c}.
   */
  BILINEAR {
    @Override
    byte[] resize(byte[] rgb, int height, int width, int toHeight, int toWidth) {
      return bilinear(rgb, width, Filter.triangle(height, toHeight, 0, toHeight),
          Filter.triangle(width, toWidth, 0, toWidth));
    }
  },
  /**
   * Pillow's {@code Image.resize(size, NEAREST)}, which is what Keras's image generators use by default.
   *
   * <p>Source: Pillow, {@code ImagingScaleAffine} in {@code src/libImaging/Geometry.c}.
   */
  NEAREST {
    @Override
    byte[] resize(byte[] rgb, int height, int width, int toHeight, int toWidth) {
      var columns = nearest(width, toWidth);
      var rows = nearest(height, toHeight);
      var out = new byte[toHeight * toWidth * 3];
      int at = 0;
      for (int row : rows) {
        for (int column : columns) {
          int from = (row * width + column) * 3;
          out[at++] = rgb[from];
          out[at++] = rgb[from + 1];
          out[at++] = rgb[from + 2];
        }
      }
      return out;
    }
  };

  private static final int PRECISION_BITS = 32 - 8 - 2;

  /** The method of this name, if it is one. */
  public static Optional<Resize> named(String name) {
    return Arrays.stream(values()).filter(resize -> resize.toString().equals(name)).findFirst();
  }

  /** The image at this size; the same pixels when it has it already. */
  public RgbImage to(RgbImage image, int height, int width) {
    if (height == image.height() && width == image.width()) {
      return image;
    }
    return new RgbImage(height, width, resize(image.rgb(), image.height(), image.width(), height, width));
  }

  /** [height,width,3] to [toHeight,toWidth,3]. */
  abstract byte[] resize(byte[] rgb, int height, int width, int toHeight, int toWidth);

  /** As written in configuration files: bilinear, nearest. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The middle {@code [height,width]} of what {@link #BILINEAR} makes of an image at {@code [wholeHeight,wholeWidth]}, without making the rest: of a
   * long strip that could be more than fits into memory.
   */
  static RgbImage middle(RgbImage image, long wholeHeight, long wholeWidth, int height, int width) {
    var rows = Filter.triangle(image.height(), wholeHeight, (long) Math.rint((wholeHeight - height) / 2.0), height);
    var columns = Filter.triangle(image.width(), wholeWidth, (long) Math.rint((wholeWidth - width) / 2.0), width);
    return new RgbImage(height, width, bilinear(image.rgb(), image.width(), rows, columns));
  }

  private static byte[] bilinear(byte[] rgb, int width, Filter rows, Filter columns) {
    int top = rows.from();
    return vertical(horizontal(rgb, width, top, rows.to(), columns), top, columns.size(), rows);
  }

  /** Input rows {@code top..bottom-1}, at the new width. */
  private static byte[] horizontal(byte[] rgb, int width, int top, int bottom, Filter filter) {
    var out = new byte[Math.multiplyExact((bottom - top) * 3, filter.size())];
    int at = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = 0; x < filter.size(); x++) {
        int red = 1 << PRECISION_BITS - 1;
        int green = red;
        int blue = red;
        int from = (y * width + filter.first[x]) * 3;
        for (int weight : filter.weights[x]) {
          red += (rgb[from] & 0xFF) * weight;
          green += (rgb[from + 1] & 0xFF) * weight;
          blue += (rgb[from + 2] & 0xFF) * weight;
          from += 3;
        }
        out[at++] = (byte) (red >> PRECISION_BITS);
        out[at++] = (byte) (green >> PRECISION_BITS);
        out[at++] = (byte) (blue >> PRECISION_BITS);
      }
    }
    return out;
  }

  /**
   * Rows of {@code width} pixels, of which the first is input row {@code top}, at the new height. Whole rows at a time: the inner loop runs along
   * memory and is vectorised by the compiler.
   */
  private static byte[] vertical(byte[] rgb, int top, int width, Filter filter) {
    int stride = width * 3;
    var out = new byte[filter.size() * stride];
    var sums = new int[stride];
    for (int y = 0; y < filter.size(); y++) {
      Arrays.fill(sums, 1 << PRECISION_BITS - 1);
      int from = (filter.first[y] - top) * stride;
      for (int weight : filter.weights[y]) {
        for (int i = 0; i < stride; i++) {
          sums[i] += (rgb[from + i] & 0xFF) * weight;
        }
        from += stride;
      }
      for (int i = 0; i < stride; i++) {
        out[y * stride + i] = (byte) (sums[i] >> PRECISION_BITS);
      }
    }
    return out;
  }

  /** For every output position the first input position and the weights from there on, summing to about 2^22. */
  private record Filter(int[] first, int[][] weights) {
    // no clipping is needed when weights are applied: they are non-negative and rounding cannot lift 255 to 256 (PIL clips, to no effect)
    /** Positions {@code start..start+count-1} of the {@code to} that {@code from} become. */
    static Filter triangle(int from, long to, long start, int count) {
      double scale = (double) from / to;
      double support = Math.max(scale, 1);
      double inverse = 1 / support;
      var first = new int[count];
      var weights = new int[count][];
      for (int i = 0; i < count; i++) {
        double centre = (start + i + 0.5) * scale;
        first[i] = Math.max(0, (int) (centre - support + 0.5));
        int end = Math.min(from, (int) (centre + support + 0.5));
        var exact = new double[end - first[i]];
        double sum = 0;
        for (int k = 0; k < exact.length; k++) {
          exact[k] = Math.max(0, 1 - Math.abs((k + first[i] - centre + 0.5) * inverse));
          sum += exact[k];
        }
        weights[i] = new int[exact.length];
        for (int k = 0; k < exact.length; k++) {
          weights[i][k] = (int) (0.5 + exact[k] / sum * (1 << PRECISION_BITS));
        }
      }
      return new Filter(first, weights);
    }

    /** Output positions. */
    int size() {
      return first.length;
    }

    /** The first input position that is needed. */
    int from() {
      return first[0];
    }

    /** One behind the last input position that is needed. */
    int to() {
      int last = first.length - 1;
      return first[last] + weights[last].length;
    }
  }

  // the position is accumulated, as in Pillow, so that it rounds where Pillow's does
  private static int[] nearest(int from, int to) {
    double scale = (double) from / to;
    double position = scale * 0.5;
    var source = new int[to];
    for (int i = 0; i < to; i++) {
      source[i] = Math.min(from - 1, (int) position);
      position += scale;
    }
    return source;
  }
}
