package dev.lentil.plan;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Network.Node;
import dev.lentil.plan.Phase.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns a network and a purpose into a {@link Plan}. It makes all decisions that kernels should not have to make: which
 * batch normalisations fold into a kernel, which layers fuse, which part of a fine-tuned network is frozen and so runs
 * as inference, the order of the backward steps, and which values share memory.
 */
public final class Planner {
  private Planner() {}

  /**
   * The plan of a forward pass with the moving statistics.
   *
   * @param fusions what the backend can fuse
   * @param taps layers whose outputs can be read after a run, in addition to the network's output
   * @throws IllegalArgumentException if a tap is no layer
   */
  public static Plan inference(Network network, int batch, Set<Fusion> fusions, Set<String> taps) {
    Draft draft = new Draft(network, batch, fusions, taps);
    draft.tap(network.outputNode().name());
    int input = draft.addInput();
    List<Step> steps = new FoldedSteps(draft).steps(network.nodes());
    return draft.finish(phases(draft, steps, List.of()), input, Optional.empty());
  }

  /**
   * The plan of a training step: forward, loss, backward, and the update if the specification has an optimiser. Layers
   * that cannot change (nothing trainable up to them, nothing random) run as inference. A sigmoid or softmax head is left
   * out, because the loss takes logits; their tap is {@link #logits}.
   *
   * @param taps layers whose outputs can be read in addition to the logits (any layer except the head), or their gradients
   *     ({@link #gradientOf}) if the backward pass reaches them
   * @throws IllegalArgumentException if a tap is not calculated, the specification does not fit the network
   *     ({@link TrainingSpec#requireFits}), a trainable layer leads to no logits, or a gradient would have to go back
   *     through a sigmoid or softmax that is not the head
   */
  public static Plan training(Network network, int batch, TrainingSpec spec, Set<Fusion> fusions, Set<String> taps) {
    return forwardAndBackward(new Draft(network, batch, fusions, taps), spec, Set.of());
  }

  /**
   * The plan that shows how the logits depend on layers inside the network: a forward pass as in inference (moving
   * statistics, no dropout), and a backward pass from the logits to the outputs of these layers. Both are taps: the output
   * under the layer's name, its gradient under {@link #gradientOf}. The labels of a batch are the factors of the logits
   * (see {@link Loss.WeightedLogits}). No parameter gets a gradient.
   *
   * @param layers any that lead to the logits, so not the sigmoid or softmax head
   * @throws IllegalArgumentException if a layer leads to no logits, or there is a sigmoid or softmax in the backward pass
   */
  public static Plan explanation(Network network, int batch, Set<Fusion> fusions, Set<String> layers) {
    layers.forEach(network::node);
    var taps = layers.stream().flatMap(layer -> Stream.of(layer, gradientOf(layer))).collect(Collectors.toSet());
    return forwardAndBackward(new Draft(network, batch, fusions, taps),
        new TrainingSpec(Set.of(), BatchNormMode.FROZEN, new Loss.WeightedLogits(), Optional.empty()), layers);
  }

  /** @param explained layers whose gradient is requested, not needed only because something below them is trained */
  private static Plan forwardAndBackward(Draft draft, TrainingSpec spec, Set<String> explained) {
    Network network = draft.network();
    spec.requireFits(network);
    String logits = logits(network);
    draft.tap(logits);
    Set<String> frozen = frozenLayers(network, spec, explained);
    int input = draft.addInput();
    Set<String> wanting = layersWantingGradient(network, spec, explained);
    requireWayBack(network, spec, explained, frozen, wanting);
    wanting.retainAll(layersLeadingTo(network, logits));
    List<Node> body = network.nodes().stream()
        .filter(node -> !(isHead(node.layer()) && node.equals(network.outputNode()))).toList();
    List<Step> prefix =
        new FoldedSteps(draft).steps(body.stream().filter(node -> frozen.contains(node.name())).toList());
    List<Node> trained = body.stream().filter(node -> !frozen.contains(node.name())).toList();
    var training = new TrainingSteps(draft, spec, wanting, explained.isEmpty());
    var steps = new ArrayList<>(training.forward(trained));
    int dlogits = draft.addGradient(logits);
    steps.add(new Step.ComputeLoss(spec.loss(), draft.output(logits), dlogits));
    steps.addAll(training.backward(trained));
    if (spec.optimizer().isPresent()) {
      steps.add(update(spec, network));
    }
    return draft.finish(phases(draft, prefix, steps), input, Optional.of(spec));
  }

  /**
   * Inference, then steps that look at the whole batch. The early layers of a network have few parameters and large values,
   * which stay in a cache while one sample goes through all of them. Late ones have many parameters and small values, and
   * are better taken with several samples at a time, since parameters are then read once for all of them.
   */
  private static List<Phase> phases(Draft draft, List<Step> inference, List<Step> batch) {
    int late = firstOfManyParameters(draft, inference);
    return List.of(new Phase(Kind.PER_SAMPLE, inference.subList(0, late)),
        new Phase(Kind.INDEPENDENT, inference.subList(late, inference.size())), new Phase(Kind.BATCH, batch));
  }

  /** From which step on all that have parameters have more of them than they read and write values for a sample. */
  private static int firstOfManyParameters(Draft draft, List<Step> inference) {
    Network network = draft.network();
    int first = 0;
    int layer = 0;
    for (int i = 0; i < inference.size(); i++) {
      Step step = inference.get(i);
      int end = Math.max(layer, network.index(draft.value(step.writes().getLast()).name()) + 1);
      long parameters = network.nodes().subList(layer, end).stream()
          .flatMap(node -> network.parameters(node.name()).stream()).mapToLong(spec -> spec.shape().size()).sum();
      long values = Stream.concat(step.reads().stream(), step.writes().stream())
          .mapToLong(value -> draft.value(value).shape().size()).sum();
      if (parameters > 0 && parameters < values) {
        first = i + 1;
      }
      layer = end;
    }
    return first;
  }

  /**
   * The plan of an update alone, from the gradients that the parameters' bank holds: for gradients that were summed over
   * several batches, or made elsewhere. It is for batches of 1 and does not look at the images.
   *
   * @throws IllegalArgumentException if the specification has no optimiser, or does not fit the network
   */
  public static Plan update(Network network, TrainingSpec spec) {
    spec.requireFits(network);
    Draft draft = new Draft(network, 1, Set.of(), Set.of());
    int input = draft.addInput();
    return draft.finish(List.of(new Phase(Kind.BATCH, List.of(update(spec, network)))), input, Optional.empty());
  }

  private static Step.Update update(TrainingSpec spec, Network network) {
    return new Step.Update(
        spec.optimizer().orElseThrow(() -> new IllegalArgumentException("the training has no optimiser")),
        spec.trainedParameters(network).stream()
            .map(p -> new Step.Update.Moved(p.name(), p.role(), spec.rateFactor(p.layer()))).toList());
  }

  /** The layer whose output are the logits: the input of the sigmoid or softmax head, or the last layer without one. */
  public static String logits(Network network) {
    Node last = network.outputNode();
    return isHead(last.layer()) ? last.input() : last.name();
  }

  /** The tap for the gradient of the loss with respect to a layer's output, where the backward pass calculates it. */
  public static String gradientOf(String layer) {
    return "d(" + layer + ")";
  }

  private static boolean isHead(Layer layer) {
    return layer instanceof Layer.Sigmoid || layer instanceof Layer.Softmax;
  }

  // ---- which layers ----

  /**
   * Layers whose output depends on neither a trainable parameter, nor batch statistics, nor a random number, and that do
   * not stand on the way back to an explained layer.
   */
  private static Set<String> frozenLayers(Network network, TrainingSpec spec, Set<String> explained) {
    var frozen = new HashSet<String>();
    for (Node node : network.nodes()) {
      boolean changes = switch (node.layer()) {
        case Layer.Dropout _ -> explained.isEmpty();
        case Layer.Input _, Layer.Conv2d _, Layer.DepthwiseConv2d _, Layer.BatchNorm _, Layer.Relu6 _, Layer.Add _, Layer.GlobalAveragePool _, Layer.Dense _, Layer.Sigmoid _, Layer.Softmax _ ->
            spec.trains(node.layer());
      };
      boolean wayBack = node.inputs().stream().anyMatch(explained::contains);
      if (!changes && !wayBack && frozen.containsAll(node.inputs())) {
        frozen.add(node.name());
      }
    }
    return frozen;
  }

  /** Layers that train or are explained, or stand after one that does or is: the backward pass goes through them. */
  private static Set<String> layersWantingGradient(Network network, TrainingSpec spec, Set<String> explained) {
    var wanting = new HashSet<String>();
    for (Node node : network.nodes()) {
      if (spec.trains(node.layer()) || explained.contains(node.name())
          || node.inputs().stream().anyMatch(wanting::contains)) {
        wanting.add(node.name());
      }
    }
    return wanting;
  }

  /** The layer and all that its output depends on. */
  private static Set<String> layersLeadingTo(Network network, String layer) {
    var leading = new HashSet<>(Set.of(layer));
    for (Node node : network.nodes().reversed()) {
      if (leading.contains(node.name())) {
        leading.addAll(node.inputs());
      }
    }
    return leading;
  }

  /** Refuses what runs in inference but has no way back: it has no gradient, or there is no backward step. */
  private static void requireWayBack(Network network, TrainingSpec spec, Set<String> explained, Set<String> frozen,
      Set<String> wanting) {
    String logits = logits(network);
    Set<String> leading = layersLeadingTo(network, logits);
    for (Node node : network.nodes()) {
      String name = node.name();
      if (spec.trains(node.layer()) && !leading.contains(name)) {
        throw new IllegalArgumentException("layer '" + name + "' is trainable, but nothing leads from it to '" + logits
            + "', which the loss is taken from, so it has no gradient; leave it out of the trainable layers");
      }
      if (explained.contains(name) && !leading.contains(name)) {
        throw new IllegalArgumentException("layer '" + name + "' cannot be explained: nothing leads from it to the "
            + "logits '" + logits + "'; name a layer before them");
      }
      boolean head = node.equals(network.outputNode());
      if (isHead(node.layer()) && !head && wanting.contains(name) && !frozen.contains(name)) {
        throw new IllegalArgumentException("layer '" + name + "' is a " + node.layer().getClass().getSimpleName()
            + " inside the network, which no gradient goes back through; let it be the last layer, take Relu6 instead, "
            + "or train and explain only layers after it");
      }
    }
  }
}
