package dev.lentil.ham10000.download;

import dev.lentil.ham10000.UserError;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Keras's ImageNet weights for MobileNetV2. The server publishes no check sums, so what comes is checked by being read.
 * Source: Keras mobilenet_v2.py, {@code BASE_WEIGHT_PATH} and how {@code MobileNetV2} makes the file's name.
 */
public final class KerasWeights {
  /** Where Keras keeps them. */
  public static final String HOME = "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/";
  /** The weights' licence. */
  public static final String LICENCE = "Apache License 2.0 (https://www.apache.org/licenses/LICENSE-2.0)";

  private static final List<Double> ALPHAS = List.of(0.35, 0.5, 0.75, 1.0, 1.3, 1.4);
  private static final List<Integer> RESOLUTIONS = List.of(96, 128, 160, 192, 224);

  private KerasWeights() {}

  /**
   * The file of one network.
   *
   * @param home the address of the folder, {@link #HOME} or a mirror of it
   * @param ending {@code .h5} with the classifier, {@code _no_top.h5} without
   * @throws UserError if Keras has no such network
   */
  private static RemoteFile named(String home, double alpha, int resolution, String ending) {
    if (!ALPHAS.contains(alpha) || !RESOLUTIONS.contains(resolution) || alpha > 1 && resolution != 224) {
      throw new UserError("Keras has no MobileNetV2 of alpha " + alpha + " at " + resolution + "; there are alpha "
          + ALPHAS + " at " + RESOLUTIONS + ", those above 1 at 224 alone");
    }
    String name = String.format(Locale.ROOT, "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_%s_%d%s", alpha,
        resolution, ending);
    return new RemoteFile(name, URI.create(home + (home.endsWith("/") ? "" : "/") + name), Optional.empty(),
        Optional.empty());
  }

  /** The whole network, with ImageNet's thousand classes. */
  public static RemoteFile classifier(String home, double alpha, int resolution) {
    return named(home, alpha, resolution, ".h5");
  }

  /** The network without its head. */
  public static RemoteFile features(String home, double alpha, int resolution) {
    return named(home, alpha, resolution, "_no_top.h5");
  }
}
