package dev.lentil.weights.scheme;

import java.util.regex.Pattern;

/** What the versions of Keras and TensorFlow add to a weight's name, or leave out. */
final class KerasNames {
  private static final Pattern DEVICE_INDEX = Pattern.compile(":\\d+$");

  private KerasNames() {}

  /**
   * Lentil's name of a weight. Keras writes {@code Conv1/kernel:0}, a nested model's name before it perhaps; Keras 3
   * calls the depthwise kernel {@code kernel} too.
   */
  static String normalised(String name) {
    String[] parts = name.split("/");
    String variable = parts.length == 0 ? "" : withoutDeviceIndex(parts[parts.length - 1]);
    String layer = parts.length > 1 ? parts[parts.length - 2] : "";
    boolean depthwise = variable.equals("kernel")
        && (layer.endsWith("_depthwise") || layer.startsWith("depthwise_conv2d"));
    return layer + "/" + (depthwise ? "depthwise_kernel" : variable);
  }

  /** {@code Conv1/kernel} of {@code Conv1/kernel:0}. */
  static String withoutDeviceIndex(String name) {
    return DEVICE_INDEX.matcher(name).replaceFirst("");
  }
}
