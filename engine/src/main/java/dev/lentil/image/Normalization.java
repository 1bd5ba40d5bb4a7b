package dev.lentil.image;

/**
 * A {@link PixelScaling} made fast for whole images: a table for bytes, factor and summand for values between them.
 *
 * <p>Immutable and safe for several threads.
 */
public final class Normalization {
  private final float[] scale = new float[3];
  private final float[] shift = new float[3];
  /** The result of every byte, [3][256]. */
  private final float[][] ofByte = new float[3][256];

  private Normalization(PixelScaling scaling) {
    for (int c = 0; c < 3; c++) {
      shift[c] = scaling.apply(0, c);
      scale[c] = (float) (((double) scaling.apply(255, c) - shift[c]) / 255);
      for (int value = 0; value < 256; value++) {
        ofByte[c][value] = scaling.apply(value, c);
      }
    }
  }

  public static Normalization of(PixelScaling scaling) {
    return new Normalization(scaling);
  }

  /** Factor of a channel, 0 red to 2 blue. */
  public float scale(int channel) {
    return scale[channel];
  }

  /** Summand of a channel, 0 red to 2 blue. */
  public float shift(int channel) {
    return shift[channel];
  }

  /** What a byte becomes. */
  public float ofByte(int channel, int value) {
    return ofByte[channel][value];
  }

  /**
   * Bytes to floats.
   *
   * @param rgb [height,width,3] from its start
   * @param pixels height * width
   * @param out receives [height,width,3] from {@code offset} on
   */
  public void apply(byte[] rgb, int pixels, float[] out, int offset) {
    var red = ofByte[0];
    var green = ofByte[1];
    var blue = ofByte[2];
    for (int i = 0; i < pixels * 3; i += 3) {
      out[offset + i] = red[rgb[i] & 0xFF];
      out[offset + i + 1] = green[rgb[i + 1] & 0xFF];
      out[offset + i + 2] = blue[rgb[i + 2] & 0xFF];
    }
  }
}
