package dev.lentil.ham10000.explain;

import dev.lentil.explain.HeatMap;

/**
 * How numbers become colours over an image: linear between two ends, nothing where there is nothing to see, and no corner on the way there.
 *
 * @param map of the colours
 * @param low the number of the first colour
 * @param high the number of the last colour, above {@code low}
 */
public record Scale(ColourMap map, double low, double high) {
  /** How much of the image the strongest colour hides. */
  private static final double MOST = 0.72;
  private static final int TOP = 255;

  public Scale {
    if (!(low < high)) {
      throw new IllegalArgumentException("a scale from " + low + " to " + high + " has no room for a number");
    }
  }

  /** As far below zero as above: for a map of two directions. */
  public static Scale bothWays(HeatMap map) {
    double end = Math.max(map.largest(), -map.smallest());
    return end == 0 ? new Scale(ColourMap.DIVERGING, -1, 1) : new Scale(ColourMap.DIVERGING, -end, end);
  }

  /** The colour of a number, {@code 0xRRGGBB}. */
  public int rgb(double value) {
    return map.rgb(place(value));
  }

  /** The colour of a number as it lies over an image, {@code 0xAARRGGBB}: the image shows through where it is near 0. */
  public int over(double value) {
    double t = place(value);
    double strength = switch (map) {
      case SEQUENTIAL -> t;
      case DIVERGING -> Math.abs(2 * t - 1);
    };
    // level at 0 (smoothstep): with a corner there, the way through 0 would be drawn as a line that the numbers do not have
    double opacity = strength * strength * (3 - 2 * strength);
    return (int) Math.round(TOP * MOST * opacity) << 24 | map.rgb(t);
  }

  private double place(double value) {
    return Math.clamp((value - low) / (high - low), 0, 1);
  }
}
