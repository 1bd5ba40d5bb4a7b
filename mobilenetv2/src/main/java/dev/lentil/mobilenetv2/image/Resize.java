package dev.lentil.mobilenetv2.image;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Ways to bring an image to the network's size; both give the bytes that Pillow 11 gives. */
public enum Resize {
  /**
   * Pillow's {@code Image.resize(size, BILINEAR)}: a triangle filter, widened by the factor of reduction, so that shrinking averages instead of
   * dropping pixels. Two passes, horizontal then vertical, in fixed point with 22 fractional bits, each rounded to bytes.
   * Pillow 12.3 makes an image that is more than 100 times as high as wide less high before it changes the width, so that some of its bytes differ
   * by 1; other images are the same.
   *
   * <p>Source: Pillow, {@code src/libImaging/Resample.c}.
   */
  BILINEAR {
    @Override
    byte[] resize(RgbImage image, int height, int width) {
      return bilinear(image, Filter.triangle(image.height(), height, 0, height),
          Filter.triangle(image.width(), width, 0, width));
    }
  },
  /**
   * Pillow's {@code Image.resize(size, NEAREST)}, which is what Keras's image generators use by default.
   *
   * <p>Source: Pillow, {@code ImagingScaleAffine} in {@code src/libImaging/Geometry.c}.
   */
  NEAREST {
    @Override
    byte[] resize(RgbImage image, int height, int width) {
      byte[] rgb = image.rgb();
      var columns = nearest(image.width(), width);
      var rows = nearest(image.height(), height);
      var out = room(image, height, width);
      int at = 0;
      for (int row : rows) {
        for (int column : columns) {
          int from = (row * image.width() + column) * 3;
          out[at++] = rgb[from];
          out[at++] = rgb[from + 1];
          out[at++] = rgb[from + 2];
        }
      }
      return out;
    }
  };

  private static final int PRECISION_BITS = 32 - 8 - 2;
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  /** The method of this name, if it is one. */
  public static Optional<Resize> named(String name) {
    return Arrays.stream(values()).filter(resize -> resize.toString().equals(name)).findFirst();
  }

  /**
   * The image at this size; the same pixels when it has it already.
   *
   * @throws IllegalArgumentException if more bytes are needed on the way than an array holds, as for a strip of a million rows
   */
  public RgbImage to(RgbImage image, int height, int width) {
    if (height == image.height() && width == image.width()) {
      return image;
    }
    return new RgbImage(height, width, resize(image, height, width));
  }

  /** To [height,width,3]. */
  abstract byte[] resize(RgbImage image, int height, int width);

  /** As written in configuration files: bilinear, nearest. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The middle {@code [height,width]} of what {@link #BILINEAR} makes of an image at {@code [wholeHeight,wholeWidth]}, without making the rest: of a
   * long strip that could be more than fits into memory.
   *
   * @throws IllegalArgumentException as {@link #to}
   */
  static RgbImage middle(RgbImage image, long wholeHeight, long wholeWidth, int height, int width) {
    var rows = Filter.triangle(image.height(), wholeHeight, (long) Math.rint((wholeHeight - height) / 2.0), height);
    var columns = Filter.triangle(image.width(), wholeWidth, (long) Math.rint((wholeWidth - width) / 2.0), width);
    return new RgbImage(height, width, bilinear(image, rows, columns));
  }

  private static byte[] bilinear(RgbImage image, Filter rows, Filter columns) {
    var between = room(image, rows.to() - rows.from(), columns.size());
    var out = room(image, rows.size(), columns.size());
    horizontal(image, rows.from(), rows.to(), columns, between);
    vertical(between, rows.from(), columns.size(), rows, out);
    return out;
  }

  /** For [height,width,3] on the way from an image to another size. */
  private static byte[] room(RgbImage image, int height, int width) {
    if ((long) height * width > LONGEST_ARRAY / 3) {
      throw new IllegalArgumentException("an image of " + image.height() + "x" + image.width()
          + " cannot be resized like this: it takes " + height + "x" + width
          + " pixels on the way, more than one array can hold; crop the image or make it smaller first");
    }
    return new byte[height * width * 3];
  }

  /** Input rows {@code top..bottom-1}, at the new width. */
  private static void horizontal(RgbImage image, int top, int bottom, Filter filter, byte[] out) {
    byte[] rgb = image.rgb();
    int width = image.width();
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
  }

  /**
   * Rows of {@code width} pixels, of which the first is input row {@code top}, at the new height. Whole rows at a time: the inner loop runs along
   * memory and is vectorised by the compiler.
   */
  private static void vertical(byte[] rgb, int top, int width, Filter filter, byte[] out) {
    int stride = width * 3;
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
