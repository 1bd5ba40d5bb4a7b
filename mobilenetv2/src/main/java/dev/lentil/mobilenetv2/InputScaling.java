package dev.lentil.mobilenetv2;

import dev.lentil.image.PixelScaling;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * How an image's values, 0 to 255, become the network's input. It belongs to the weights: they were trained with one of
 * these and are wrong with any other.
 */
public enum InputScaling implements PixelScaling {
  /** To [-1,1]. Keras's ImageNet weights; {@code keras.applications.mobilenet_v2.preprocess_input}. */
  MINUS_ONE_TO_ONE("x/127.5-1") {
    @Override
    public float apply(float value, int channel) {
      return value / 127.5f - 1;
    }
  },
  /** To [0,1]. */
  ZERO_TO_ONE("x/255") {
    @Override
    public float apply(float value, int channel) {
      return value / 255;
    }
  },
  /** Standardised by the mean and deviation of ImageNet's channels, as torchvision's weights expect. */
  TORCH("(x/255-mean)/std") {
    @Override
    public float apply(float value, int channel) {
      return (value / 255 - MEAN[channel]) / DEVIATION[channel];
    }
  };

  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};
  private static final int CHANNELS = 3;

  private final String text;

  InputScaling(String text) {
    this.text = text;
  }

  /** The formula, as it stands in the metadata of weight files. */
  public String text() {
    return text;
  }

  /**
   * @throws IllegalArgumentException if the text is none of the formulas
   */
  public static InputScaling parse(String text) {
    return Arrays.stream(values()).filter(scaling -> scaling.text.equals(text)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the input scaling '" + text + "' is unknown; there are "
            + Arrays.stream(values()).map(InputScaling::text).collect(Collectors.joining(", "))));
  }

  /**
   * For values that a caller gives: one that is no number makes every answer none, or on a card a wrong one.
   *
   * @throws IllegalArgumentException if a value is infinite or no number
   */
  static void requireNumbers(float[] rgb) {
    for (int i = 0; i < rgb.length; i++) {
      if (!Float.isFinite(rgb[i])) {
        throw new IllegalArgumentException("value " + i + " of the image is " + rgb[i] + "; give numbers of 0 to 255");
      }
    }
  }

  /** Scales interleaved RGB values of 0 to 255. */
  public float[] scale(float[] rgb) {
    var scaled = new float[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      scaled[i] = apply(rgb[i], i % CHANNELS);
    }
    return scaled;
  }

  /** Scales pixels {@code 0xAARRGGBB} to interleaved RGB; alpha is ignored. */
  public float[] scale(int[] argb) {
    var scaled = new float[argb.length * CHANNELS];
    for (int i = 0; i < argb.length; i++) {
      scaled[CHANNELS * i] = apply(argb[i] >> 16 & 0xFF, 0);
      scaled[CHANNELS * i + 1] = apply(argb[i] >> 8 & 0xFF, 1);
      scaled[CHANNELS * i + 2] = apply(argb[i] & 0xFF, 2);
    }
    return scaled;
  }
}
