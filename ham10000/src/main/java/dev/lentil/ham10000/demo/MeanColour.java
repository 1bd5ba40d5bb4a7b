package dev.lentil.ham10000.demo;

import dev.lentil.ham10000.image.RgbImage;

/** The features of the simplest classifier there is: mean red, green and blue. The demonstration's network must beat it. */
public final class MeanColour {
  private MeanColour() {}

  /** Means of the three colours over the picture, 0 to 255. */
  public static double[] of(RgbImage image) {
    var mean = new double[3];
    for (int i = 0; i < image.rgb().length; i++) {
      mean[i % 3] += image.rgb()[i] & 0xFF;
    }
    for (int c = 0; c < 3; c++) {
      mean[c] /= image.rgb().length / 3.0;
    }
    return mean;
  }
}
