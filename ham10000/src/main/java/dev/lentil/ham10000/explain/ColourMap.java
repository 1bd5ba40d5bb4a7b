package dev.lentil.ham10000.explain;

/**
 * Colours for numbers, perceptually even: equal steps of the number are equal steps of lightness in OKLab, so a greyscale
 * print or a colour-blind reader sees the same order, and no edge appears where the numbers have none. Source of OKLab:
 * Ottosson 2020, "A perceptual color space for image processing".
 */
public enum ColourMap {
  /** 0 dark violet, through teal and green, 1 light yellow: for what has a zero and one direction. */
  SEQUENTIAL {
    @Override
    double[] oklch(double t) {
      return new double[] {0.28 + 0.66 * t, 0.11 + 0.07 * t, 300 - 195 * t};
    }
  },
  /** 0 blue, 0.5 nearly white, 1 vermilion, equally dark at both ends: for what may be below zero, at 0.5. */
  DIVERGING {
    @Override
    double[] oklch(double t) {
      double strength = Math.abs(2 * t - 1);
      return new double[] {0.97 - 0.39 * strength, 0.2 * strength, t < 0.5 ? 258 : 42};
    }
  };

  private static final double CHROMA_STEP = 0.96;
  private static final int TOP = 255;

  /** Lightness 0..1, chroma, hue in degrees. */
  abstract double[] oklch(double t);

  /**
   * The colour, {@code 0xRRGGBB}.
   *
   * @param t 0 to 1; beyond it the colour of the end
   */
  public int rgb(double t) {
    double[] lch = oklch(Math.clamp(t, 0, 1));
    double chroma = lch[1];
    double[] linear = linear(lch[0], chroma, lch[2]);
    // a screen cannot show every colour: grey it until it can, which leaves its lightness
    while (!shown(linear)) {
      chroma *= CHROMA_STEP;
      linear = linear(lch[0], chroma, lch[2]);
    }
    return channel(linear[0]) << 16 | channel(linear[1]) << 8 | channel(linear[2]);
  }

  private static boolean shown(double[] linear) {
    for (double value : linear) {
      if (value < -1e-4 || value > 1 + 1e-4) {
        return false;
      }
    }
    return true;
  }

  /** From OKLab's lightness, chroma and hue to linear sRGB. */
  private static double[] linear(double lightness, double chroma, double hue) {
    double a = chroma * Math.cos(Math.toRadians(hue));
    double b = chroma * Math.sin(Math.toRadians(hue));
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return new double[] {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
  }

  private static double cube(double x) {
    return x * x * x;
  }

  private static int channel(double linear) {
    double value = Math.clamp(linear, 0, 1);
    double encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * Math.pow(value, 1 / 2.4) - 0.055;
    return (int) Math.round(TOP * encoded);
  }
}
