package dev.lentil.nn;

/** How a convolution pads its input with zeros. It is determined separately for each axis, so height and width may differ. */
public enum Padding {
  /**
   * Keras and TensorFlow "same": {@code out = ceil(in / stride)}; where the padding is uneven the extra zero goes to the
   * bottom and the right. A 3x3 kernel of stride 2 pads (0,1) on an even extent and (1,1) on an odd one, which is also
   * what Keras's {@code correct_pad} gives in MobileNetV2.
   */
  KERAS,
  /** torchvision: {@code (kernel - 1) / 2} zeros on both sides whatever the extent. */
  SYMMETRIC,
  /** No padding. */
  VALID;

  /** The zeros before the first element of an axis. */
  public int before(int in, int kernel, int stride) {
    return switch (this) {
      case KERAS -> kerasTotal(in, kernel, stride) / 2;
      case SYMMETRIC -> (kernel - 1) / 2;
      case VALID -> 0;
    };
  }

  /** The extent of the output along an axis; below 1 if the kernel is larger than the padded input. */
  public int outputExtent(int in, int kernel, int stride) {
    int total = switch (this) {
      case KERAS -> kerasTotal(in, kernel, stride);
      case SYMMETRIC -> 2 * ((kernel - 1) / 2);
      case VALID -> 0;
    };
    return Math.floorDiv(in + total - kernel, stride) + 1;
  }

  private static int kerasTotal(int in, int kernel, int stride) {
    int out = Math.ceilDiv(in, stride);
    return Math.max((out - 1) * stride + kernel - in, 0);
  }
}
