package dev.lentil.weights;

import dev.lentil.weights.scheme.NamingScheme;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the caller knows better than the file.
 *
 * @param scheme how the weights are named; empty to recognise it
 * @param metadata entries of {@link dev.lentil.mobilenetv2.ModelMetadata} that take precedence over what was recognised:
 *     {@code padding}, {@code bn_epsilon}, {@code alpha}, {@code resolution}, {@code input_scaling}, {@code classes} (0
 *     leaves the head out; one less than the file has leaves the first, background, class out)
 */
public record ImportOptions(Optional<NamingScheme> scheme, Map<String, String> metadata) {
  public ImportOptions {
    metadata = Map.copyOf(new TreeMap<>(metadata));
  }

  /** Everything as it is recognised. */
  public static ImportOptions recognised() {
    return new ImportOptions(Optional.empty(), Map.of());
  }

  /** As these, with one more entry of metadata. */
  public ImportOptions with(String key, String value) {
    var more = new TreeMap<>(metadata);
    more.put(key, value);
    return new ImportOptions(scheme, more);
  }
}
