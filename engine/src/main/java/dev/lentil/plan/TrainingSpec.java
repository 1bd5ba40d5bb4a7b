package dev.lentil.plan;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Network.Node;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is trained, and how.
 *
 * @param trainable the names of the trainable layers
 * @param batchNorm what a trainable batch normalisation does; one that is not trainable is always
 *     {@link BatchNormMode#FROZEN}
 * @param optimizer empty to calculate the gradients only
 * @param rateFactors by layer, what the learning rate is multiplied by; 1 for a layer that is not named
 */
public record TrainingSpec(Set<String> trainable, BatchNormMode batchNorm, Loss loss, Optional<Optimizer> optimizer,
    Map<String, Double> rateFactors) {
  public TrainingSpec {
    trainable = Set.copyOf(trainable);
    rateFactors = Map.copyOf(rateFactors);
    rateFactors.forEach((layer, factor) -> {
      if (!(factor > 0 && Double.isFinite(factor))) {
        throw new IllegalArgumentException(
            "the learning rate of layer " + layer + " is multiplied by " + factor
                + ", but must be by a number above 0");
      }
    });
  }

  /** The same learning rate for every layer. */
  public TrainingSpec(Set<String> trainable, BatchNormMode batchNorm, Loss loss, Optional<Optimizer> optimizer) {
    this(trainable, batchNorm, loss, optimizer, Map.of());
  }

  /** What the learning rate of a layer is multiplied by. */
  public double rateFactor(String layer) {
    return rateFactors.getOrDefault(layer, 1.0);
  }

  /** Every layer from {@code firstLayer}, an index in {@link Network#nodes()}, to the end. */
  public static Set<String> layersFrom(Network network, int firstLayer) {
    return network.nodes().stream().skip(firstLayer).map(Node::name).collect(Collectors.toSet());
  }

  /** What a batch normalisation layer does under this specification. */
  public BatchNormMode mode(Layer.BatchNorm layer) {
    return trainable.contains(layer.name()) ? batchNorm : BatchNormMode.FROZEN;
  }

  /** The parameters that are trained, in network order. */
  public List<ParameterSpec> trainedParameters(Network network) {
    return network.parameters().stream().filter(spec -> trains(network.node(spec.layer()).layer(), spec)).toList();
  }

  private boolean trains(Layer layer, ParameterSpec spec) {
    if (!trainable.contains(layer.name()) || !spec.role().learned()) {
      return false;
    }
    return !(layer instanceof Layer.BatchNorm norm) || mode(norm) != BatchNormMode.FROZEN;
  }
}
