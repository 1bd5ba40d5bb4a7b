package dev.lentil.plan;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Network.Node;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.ParameterSpec;
import java.util.List;
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
 */
public record TrainingSpec(Set<String> trainable, BatchNormMode batchNorm, Loss loss, Optional<Optimizer> optimizer) {
  public TrainingSpec {
    trainable = Set.copyOf(trainable);
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
