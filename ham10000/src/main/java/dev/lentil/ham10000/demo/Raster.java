package dev.lentil.ham10000.demo;

/**
 * A square picture under construction: float RGB, interleaved, and how much of each pixel is covered. Positions are in
 * units of half the side: (-1, -1) is the upper left corner, (1, 1) the lower right one, so that a drawing has the same
 * look at every size.
 */
final class Raster {
  final int size;
  final float[] rgb;
  final float[] cover;

  Raster(int size) {
    this.size = size;
    this.rgb = new float[3 * size * size];
    this.cover = new float[size * size];
  }

  /** The position of the middle of a pixel's column or row. */
  float position(int pixel) {
    return (2 * pixel + 1f) / size - 1;
  }

  void set(int pixel, Colour colour) {
    rgb[3 * pixel] = colour.red();
    rgb[3 * pixel + 1] = colour.green();
    rgb[3 * pixel + 2] = colour.blue();
  }

  void blend(int pixel, Colour colour, float opacity) {
    int i = 3 * pixel;
    rgb[i] += (colour.red() - rgb[i]) * opacity;
    rgb[i + 1] += (colour.green() - rgb[i + 1]) * opacity;
    rgb[i + 2] += (colour.blue() - rgb[i + 2]) * opacity;
  }

  void add(int pixel, Colour difference, float strength) {
    int i = 3 * pixel;
    rgb[i] += difference.red() * strength;
    rgb[i + 1] += difference.green() * strength;
    rgb[i + 2] += difference.blue() * strength;
  }

  /**
   * Paints with a brush along a line whose half width goes evenly from one end's to the other's; soft over about one
   * pixel.
   */
  void stroke(Point from, Point to, double fromHalfWidth, double toHalfWidth, Brush brush) {
    double widest = Math.max(fromHalfWidth, toHalfWidth) + 2.0 / size;
    double dx = to.x() - from.x();
    double dy = to.y() - from.y();
    double length2 = Math.max(dx * dx + dy * dy, 1e-12);
    int top = row(Math.min(from.y(), to.y()) - widest);
    int bottom = row(Math.max(from.y(), to.y()) + widest);
    int left = row(Math.min(from.x(), to.x()) - widest);
    int right = row(Math.max(from.x(), to.x()) + widest);
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        double px = position(x) - from.x();
        double py = position(y) - from.y();
        double along = Math.clamp((px * dx + py * dy) / length2, 0.0, 1.0);
        double away = Math.hypot(px - along * dx, py - along * dy);
        double half = fromHalfWidth + (toHalfWidth - fromHalfWidth) * along;
        // Lines thinner than a pixel fade instead of vanishing between pixel centres.
        double coverage = Math.clamp((half - away) * size / 2 + 0.5, 0.0, 1.0) * Math.min(1, half * size + 0.15);
        if (coverage > 0) {
          brush.touch(y * size + x, (float) coverage);
        }
      }
    }
  }

  /** Paints an ellipse; {@code softness} is the share of the radius over which it fades out. */
  void ellipse(Point centre, double radiusX, double radiusY, double angle, double softness, Brush brush) {
    double reach = Math.max(radiusX, radiusY);
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double fade = Math.max(softness, 2.0 / size / Math.min(radiusX, radiusY));
    for (int y = row(centre.y() - reach); y <= row(centre.y() + reach); y++) {
      for (int x = row(centre.x() - reach); x <= row(centre.x() + reach); x++) {
        double px = position(x) - centre.x();
        double py = position(y) - centre.y();
        double ex = (px * cos + py * sin) / radiusX;
        double ey = (py * cos - px * sin) / radiusY;
        double inside = 1 - Math.sqrt(ex * ex + ey * ey);
        if (inside > 0) {
          brush.touch(y * size + x, Noise.step(0, (float) Math.min(fade, 1), (float) inside));
        }
      }
    }
  }

  /** What happens to a pixel that a shape covers, from barely (0) to wholly (1). */
  interface Brush {
    void touch(int pixel, float coverage);
  }

  /** A brush of one colour. */
  Brush paint(Colour colour, double opacity) {
    return (pixel, coverage) -> blend(pixel, colour, (float) (coverage * opacity));
  }

  /** A brush that changes the colour that is there. */
  Brush tint(Colour difference) {
    return (pixel, coverage) -> add(pixel, difference, coverage);
  }

  /** Gaussian blur, the deviation in pixels; the border repeats. */
  void blur(double deviation) {
    int reach = (int) Math.ceil(2.5 * deviation);
    var weights = new float[reach + 1];
    float total = 0;
    for (int i = 0; i <= reach; i++) {
      weights[i] = (float) Math.exp(-0.5 * i * i / (deviation * deviation));
      total += i == 0 ? weights[i] : 2 * weights[i];
    }
    for (int i = 0; i <= reach; i++) {
      weights[i] /= total;
    }
    var line = new float[3 * (size + 2 * reach)];
    for (int row = 0; row < size; row++) {
      blurLine(row * size, 1, weights, line);
    }
    for (int column = 0; column < size; column++) {
      blurLine(column, size, weights, line);
    }
  }

  private void blurLine(int first, int stride, float[] weights, float[] line) {
    int reach = weights.length - 1;
    for (int i = -reach; i < size + reach; i++) {
      System.arraycopy(rgb, 3 * (first + stride * Math.clamp(i, 0, size - 1)), line, 3 * (i + reach), 3);
    }
    for (int i = 0; i < size; i++) {
      for (int c = 0; c < 3; c++) {
        int middle = 3 * (i + reach) + c;
        float sum = weights[0] * line[middle];
        for (int k = 1; k <= reach; k++) {
          sum += weights[k] * (line[middle - 3 * k] + line[middle + 3 * k]);
        }
        rgb[3 * (first + stride * i) + c] = sum;
      }
    }
  }

  /** The picture at half the size, each pixel the mean of four. */
  Raster halved() {
    var half = new Raster(size / 2);
    for (int y = 0; y < half.size; y++) {
      for (int x = 0; x < half.size; x++) {
        for (int c = 0; c < 3; c++) {
          int i = 3 * (2 * y * size + 2 * x) + c;
          half.rgb[3 * (y * half.size + x) + c] = (rgb[i] + rgb[i + 3] + rgb[i + 3 * size] + rgb[i + 3 * size + 3]) / 4;
        }
      }
    }
    return half;
  }

  /** RGB bytes, row by row, values outside 0..255 cut off. */
  byte[] toBytes() {
    var bytes = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      bytes[i] = (byte) Math.clamp(Math.round(rgb[i]), 0, 255);
    }
    return bytes;
  }

  private int row(double position) {
    return Math.clamp((int) ((position + 1) * size / 2), 0, size - 1);
  }
}
