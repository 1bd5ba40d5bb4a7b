package dev.lentil.image;

/** How a pixel's values become the network's input. */
@FunctionalInterface
public interface PixelScaling {
  /**
   * Scales one value.
   *
   * @param value 0 to 255
   * @param channel 0 red, 1 green, 2 blue
   */
  float apply(float value, int channel);
}
