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
 * @param rateFactors by layer, the factor of its learning rate; 1 for a layer that is not named
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

  /**
   * Every layer from {@code firstLayer}, an index in {@link Network#nodes()}, to the end.
   *
   * @param firstLayer from 0 to the number of layers; with the latter there are none
   * @throws IllegalArgumentException if the network has no such layer
   */
  public static Set<String> layersFrom(Network network, int firstLayer) {
    int layers = network.nodes().size();
    if (firstLayer < 0 || firstLayer > layers) {
      throw new IllegalArgumentException(
          "there is no layer " + firstLayer + " to train from: the network's layers are 0 ("
              + network.inputNode().name() + ") to " + (layers - 1) + " (" + network.outputNode().name()
              + "); network.index(name) gives a layer's number");
    }
    return network.nodes().stream().skip(firstLayer).map(Node::name).collect(Collectors.toSet());
  }

  /**
   * Checks the specification before a plan is made of it: an unknown layer name would train nothing, and a loss that does not
   * fit the head would train for something other than what the head outputs.
   *
   * @throws IllegalArgumentException naming the layer or the loss, and what would fit
   */
  public void requireFits(Network network) {
    trainable.forEach(layer -> requireLayer(network, layer, "is to be trained"));
    rateFactors.keySet().forEach(layer -> requireLayer(network, layer, "is to have a learning rate of its own"));
    String name = loss.getClass().getSimpleName();
    String logits = Planner.logits(network);
    Layer head = network.outputNode().layer();
    switch (loss) {
      case Loss.BinaryCrossEntropy _, Loss.ClippedBinaryCrossEntropy _ -> {
        if (head instanceof Layer.Softmax) {
          throw new IllegalArgumentException("the loss " + name + " takes each output for itself, but layer '"
              + head.name() + "' is a Softmax; take CategoricalCrossEntropy, or end the network in a Sigmoid");
        }
      }
      case Loss.CategoricalCrossEntropy _ -> {
        if (head instanceof Layer.Sigmoid) {
          throw new IllegalArgumentException("the loss " + name + " takes all outputs together, but layer '"
              + head.name() + "' is a Sigmoid; take BinaryCrossEntropy, or end the network in a Softmax");
        }
        if (head instanceof Layer.Softmax && network.shape(logits).size() > network.shape(logits).extent(-1)) {
          throw new IllegalArgumentException("the loss " + name + " takes all outputs together, but layer '"
              + head.name() + "' is a Softmax of each pixel of " + network.shape(logits)
              + " by itself; put a GlobalAveragePool before it");
        }
        if (network.shape(logits).size() == 1) {
          throw new IllegalArgumentException("the loss " + name + " needs 2 outputs or more, but layer '" + logits
              + "' has 1, and its gradient would always be 0; take BinaryCrossEntropy, or give each class an output");
        }
      }
      case Loss.WeightedLogits _ -> {}
    }
  }

  private static void requireLayer(Network network, String layer, String what) {
    if (!network.contains(layer)) {
      throw new IllegalArgumentException("layer '" + layer + "' " + what + ", but " + network.noLayer(layer));
    }
  }

  /** What a batch normalisation layer does under this specification. */
  public BatchNormMode mode(Layer.BatchNorm layer) {
    return trainable.contains(layer.name()) ? batchNorm : BatchNormMode.FROZEN;
  }

  /** Whether a training step changes parameters of the layer. */
  boolean trains(Layer layer) {
    return switch (layer) {
      case Layer.BatchNorm norm -> mode(norm) != BatchNormMode.FROZEN;
      case Layer.Conv2d _, Layer.DepthwiseConv2d _, Layer.Dense _ -> trainable.contains(layer.name());
      case Layer.Input _, Layer.Relu6 _, Layer.Add _, Layer.GlobalAveragePool _, Layer.Dropout _, Layer.Sigmoid _, Layer.Softmax _ ->
          false;
    };
  }

  /** The parameters that are trained, in network order. */
  public List<ParameterSpec> trainedParameters(Network network) {
    return network.parameters().stream()
        .filter(spec -> spec.role().learned() && trains(network.node(spec.layer()).layer())).toList();
  }
}
