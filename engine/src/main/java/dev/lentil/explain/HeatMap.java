package dev.lentil.explain;

import java.util.Arrays;
import java.util.List;

/**
 * A number for each place of an image, or of a grid laid over it.
 *
 * @param height rows
 * @param width columns
 * @param values row by row
 */
public record HeatMap(int height, int width, double[] values) {
  public HeatMap {
    if (height < 1 || width < 1 || values.length != height * width) {
      throw new IllegalArgumentException("a map of " + height + "x" + width + " cannot have " + values.length
          + " values");
    }
  }

  /**
   * The mean of several maps, place by place.
   *
   * @throws IllegalArgumentException if there is none, or they differ in size
   */
  public static HeatMap mean(List<HeatMap> maps) {
    if (maps.isEmpty()) {
      throw new IllegalArgumentException("there are no maps to average");
    }
    var first = maps.getFirst();
    var mean = new double[first.values.length];
    for (HeatMap map : maps) {
      if (map.height != first.height || map.width != first.width) {
        throw new IllegalArgumentException("maps of " + first.height + "x" + first.width + " and of " + map.height + "x"
            + map.width + " have no mean");
      }
      for (int i = 0; i < mean.length; i++) {
        mean[i] += map.values[i] / maps.size();
      }
    }
    return new HeatMap(first.height, first.width, mean);
  }

  public double at(int row, int column) {
    return values[row * width + column];
  }

  public double largest() {
    return Arrays.stream(values).max().orElseThrow();
  }

  public double smallest() {
    return Arrays.stream(values).min().orElseThrow();
  }

  /**
   * The map in another size, bilinear. A value stands for the middle of its cell, so a map of 7x7 over an image of 224x224
   * is right about its places; beyond the outermost middles it stays as it is there.
   */
  public HeatMap resized(int toHeight, int toWidth) {
    var resized = new double[toHeight * toWidth];
    for (int row = 0; row < toHeight; row++) {
      double y = place(row, toHeight, height);
      int top = (int) y;
      int bottom = Math.min(top + 1, height - 1);
      for (int column = 0; column < toWidth; column++) {
        double x = place(column, toWidth, width);
        int left = (int) x;
        int right = Math.min(left + 1, width - 1);
        double upper = at(top, left) + (x - left) * (at(top, right) - at(top, left));
        double lower = at(bottom, left) + (x - left) * (at(bottom, right) - at(bottom, left));
        resized[row * toWidth + column] = upper + (y - top) * (lower - upper);
      }
    }
    return new HeatMap(toHeight, toWidth, resized);
  }

  private static double place(int index, int of, int in) {
    return Math.clamp((index + 0.5) * in / of - 0.5, 0, in - 1.0);
  }
}
