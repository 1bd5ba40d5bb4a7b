package dev.lentil.image;

/**
 * A linear change of colours, held to 0..255.
 *
 * @param factors of input red, green and blue and a summand, for each output channel: [3][4], for values 0..255
 */
public record ColourMatrix(float[][] factors) {

  /**
   * One row of pixels: changed, held to 0..255, normalised.
   *
   * @param in red, green and blue of the row, 0..255
   * @param out receives them
   */
  public void apply(Normalization normalization, float[][] in, float[][] out) {
    for (int c = 0; c < 3; c++) {
      float[] m = factors[c];
      mix(m[0], m[1], m[2], m[3], in[0], in[1], in[2], normalization.scale(c), normalization.shift(c), out[c]);
    }
  }

  private static void mix(float ofRed, float ofGreen, float ofBlue, float summand, float[] red, float[] green,
      float[] blue, float scale, float shift, float[] out) {
    for (int i = 0; i < out.length; i++) {
      float value = ofRed * red[i] + ofGreen * green[i] + ofBlue * blue[i] + summand;
      out[i] = Math.min(Math.max(value, 0), 255) * scale + shift;
    }
  }
}
