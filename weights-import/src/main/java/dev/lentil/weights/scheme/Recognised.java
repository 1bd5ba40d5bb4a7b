package dev.lentil.weights.scheme;

import dev.lentil.nn.Weights;
import java.util.List;
import java.util.Map;

/**
 * The weights of a file under Lentil's names.
 *
 * @param prefix before the network's names in the file: {@code state_dict.module.}
 * @param facts what a graph shows of the network, under the keys of {@code ModelMetadata}; empty where there is none
 * @param conventions what the programs of the scheme usually have, under the same keys
 * @param sources every tensor of the file
 */
public record Recognised(NamingScheme scheme, String prefix, Weights weights, Map<String, String> facts,
    Map<String, String> conventions, List<SourceTensor> sources) {
  public Recognised {
    facts = Map.copyOf(facts);
    conventions = Map.copyOf(conventions);
    sources = List.copyOf(sources);
  }
}
