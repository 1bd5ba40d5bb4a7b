package dev.lentil.backend;

/**
 * What a caller may choose about a device.
 *
 * @param threads worker threads, the calling one included; results do not depend on it
 */
public record DeviceOptions(int threads) {
  public DeviceOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", but must be at least 1");
    }
  }

  /** As many threads as the JVM sees processors. */
  public static DeviceOptions defaults() {
    return new DeviceOptions(Runtime.getRuntime().availableProcessors());
  }
}
