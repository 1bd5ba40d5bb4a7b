package dev.lentil.ham10000.image;

import dev.lentil.image.ColourMatrix;

/**
 * A change of an image's colours, as another lamp or camera would make it. Everything is linear in red, green and blue, so
 * that the four together are one matrix and one summand for each pixel. Brightness comes first, then contrast, then
 * saturation with hue; the result is held to 0..255.
 *
 * <p>Source of the last two: SVG 1.1, feColorMatrix, types {@code saturate} and {@code hueRotate}.
 *
 * @param brightness factor of all channels; 1 changes nothing
 * @param contrast factor of the distance from mid-grey; 1 changes nothing
 * @param saturation factor of the distance from the grey of the same luminance; 1 changes nothing
 * @param hue rotation about the grey axis, in turns; 0 changes nothing
 */
record Colours(double brightness, double contrast, double saturation, double hue) {
  /** Changes nothing. */
  static final Colours SAME = new Colours(1, 1, 1, 0);

  private static final double MID_GREY = 127.5;
  private static final double[] LUMINANCE = {0.213, 0.715, 0.072};
  /** The part of a rotation that goes with the sine. */
  private static final double[][] ACROSS =
      {{-0.213, -0.715, 0.928}, {0.143, 0.140, -0.283}, {-0.787, 0.715, 0.072}};

  /** All four as one. */
  ColourMatrix matrix() {
    double cos = saturation * Math.cos(2 * Math.PI * hue);
    double sin = saturation * Math.sin(2 * Math.PI * hue);
    double gain = brightness * contrast;
    var matrix = new float[3][4];
    for (int out = 0; out < 3; out++) {
      for (int in = 0; in < 3; in++) {
        double grey = LUMINANCE[in];
        double colour = (in == out ? 1 : 0) - grey;
        matrix[out][in] = (float) (gain * (grey + cos * colour + sin * ACROSS[out][in]));
      }
      // a grey stays a grey: the rows of the last two sum to 1
      matrix[out][3] = (float) (MID_GREY * (1 - contrast));
    }
    return new ColourMatrix(matrix);
  }
}
