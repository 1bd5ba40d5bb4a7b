package dev.lentil.backend;

/**
 * What a caller may choose about a device.
 *
 * @param threads worker threads, the calling one included; results do not depend on it
 * @param card which of several cards, counted from 0; a backend on the processor does not read it
 * @param precision what is stored and multiplied in how many bits
 */
public record DeviceOptions(int threads, int card, Precision precision) {
  public DeviceOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", but must be at least 1");
    }
    if (card < 0) {
      throw new IllegalArgumentException("card is " + card + ", but cards are counted from 0");
    }
  }

  /** The first card, in float32. */
  public DeviceOptions(int threads) {
    this(threads, 0, Precision.FLOAT32);
  }

  /** As many threads as the JVM sees processors. */
  public static DeviceOptions defaults() {
    return new DeviceOptions(Runtime.getRuntime().availableProcessors());
  }

  public DeviceOptions withCard(int card) {
    return new DeviceOptions(threads, card, precision);
  }

  public DeviceOptions withPrecision(Precision precision) {
    return new DeviceOptions(threads, card, precision);
  }

  /**
   * For a backend that has no other.
   *
   * @throws BackendException if another precision than float32 is asked for
   */
  public void requireFloat32(String backend) {
    if (precision != Precision.FLOAT32) {
      throw new BackendException("the backend '" + backend + "' has no precision " + precision.text()
          + ": choose float32, or a backend on a graphics card");
    }
  }
}
