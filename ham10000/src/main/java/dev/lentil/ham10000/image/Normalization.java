package dev.lentil.ham10000.image;

/** What turns bytes 0..255 into the network's input: {@code value * scale + shift} for each of red, green and blue. */
public enum Normalization {
  /** x / 127.5 - 1, in [-1, 1]: Keras's MobileNetV2 {@code preprocess_input}, which its ImageNet weights expect. */
  MINUS_ONE_TO_ONE("[-1,1]", new double[] {0.5, 0.5, 0.5}, new double[] {0.5, 0.5, 0.5}),
  /** x / 255, in [0, 1]. */
  ZERO_TO_ONE("[0,1]", new double[] {0, 0, 0}, new double[] {1, 1, 1}),
  /** (x / 255 - mean) / deviation with ImageNet's, as torchvision's weights expect. */
  TORCH("torch", new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225});

  private final String text;
  private final float[] scale = new float[3];
  private final float[] shift = new float[3];
  /** The result of every byte, [3][256], computed in double and rounded once. */
  private final float[][] ofByte = new float[3][256];

  Normalization(String text, double[] mean, double[] deviation) {
    this.text = text;
    for (int c = 0; c < 3; c++) {
      scale[c] = (float) (1 / (255 * deviation[c]));
      shift[c] = (float) (-mean[c] / deviation[c]);
      for (int value = 0; value < 256; value++) {
        ofByte[c][value] = (float) ((value / 255.0 - mean[c]) / deviation[c]);
      }
    }
  }

  /** Factor of a channel, 0 red to 2 blue. */
  public float scale(int channel) {
    return scale[channel];
  }

  /** Summand of a channel, 0 red to 2 blue. */
  public float shift(int channel) {
    return shift[channel];
  }

  /**
   * Bytes to floats.
   *
   * @param rgb [height,width,3] from its start
   * @param out receives [height,width,3] from {@code offset} on
   * @param pixels height * width
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

  /** As written in configuration files: [-1,1], [0,1] or torch. */
  @Override
  public String toString() {
    return text;
  }
}
