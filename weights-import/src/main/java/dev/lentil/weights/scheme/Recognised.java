package dev.lentil.weights.scheme;

import dev.lentil.nn.Weights;
import java.util.List;
import java.util.Map;

/**
 * The weights of a file under Lentil's names.
 *
 * @param prefix before the network's names in the file: {@code state_dict.module.}
 * @param metadata what the file or its scheme says of the network, under the keys of {@code ModelMetadata}
 * @param sources every tensor of the file
 */
public record Recognised(NamingScheme scheme, String prefix, Weights weights, Map<String, String> metadata,
    List<SourceTensor> sources) {
  public Recognised {
    metadata = Map.copyOf(metadata);
    sources = List.copyOf(sources);
  }
}
