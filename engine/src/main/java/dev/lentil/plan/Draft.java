package dev.lentil.plan;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Network.Node;
import dev.lentil.plan.Value.Extent;
import dev.lentil.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An unfinished plan: its values, the layer whose output or gradient each of them is, and the steps of single layers. */
final class Draft {
  private final Network network;
  private final int batch;
  private final Set<Fusion> fusions;
  private final Set<String> taps;
  private final Map<String, List<Node>> readers = new HashMap<>();
  private final List<DraftValue> values = new ArrayList<>();
  private final Map<String, Integer> outputs = new LinkedHashMap<>();
  private final Map<String, Integer> gradients = new HashMap<>();

  /** A value before it has been given memory. */
  record DraftValue(String name, Shape shape, Extent extent) {}

  Draft(Network network, int batch, Set<Fusion> fusions, Set<String> taps) {
    if (batch < 1) {
      throw new IllegalArgumentException("a batch needs at least 1 sample, got " + batch);
    }
    this.network = network;
    this.batch = batch;
    this.fusions = fusions;
    this.taps = new HashSet<>(taps);
    for (Node node : network.nodes()) {
      node.inputs().forEach(input -> readers.computeIfAbsent(input, _ -> new ArrayList<>()).add(node));
    }
  }

  Network network() {
    return network;
  }

  boolean has(Fusion fusion) {
    return fusions.contains(fusion);
  }

  /** Keeps a layer's output for reading after a run. */
  void tap(String layer) {
    taps.add(layer);
  }

  DraftValue value(int id) {
    return values.get(id);
  }

  boolean hasOutput(String layer) {
    return outputs.containsKey(layer);
  }

  /** The value of a layer's output. */
  int output(String layer) {
    return outputs.get(layer);
  }

  /** Lets a layer's output be a value that is there already. */
  void setOutput(String layer, int value) {
    outputs.put(layer, value);
  }

  Optional<Integer> findGradient(String layer) {
    return Optional.ofNullable(gradients.get(layer));
  }

  /** The value of the gradient with respect to a layer's output. */
  int gradient(String layer) {
    return gradients.get(layer);
  }

  /** Lets the gradient of a layer's output be a value that is there already. */
  void setGradient(String layer, int value) {
    gradients.put(layer, value);
  }

  /** The one layer that reads a node's output, if there is exactly one, it may be run now, and nobody taps the output. */
  Optional<Node> onlyReader(Node node, Set<String> allowed) {
    List<Node> all = readers.getOrDefault(node.name(), List.of());
    boolean fusible = all.size() == 1 && !taps.contains(node.name()) && !taps.contains(Planner.gradientOf(node.name()))
        && allowed.contains(all.getFirst().name());
    return fusible ? Optional.of(all.getFirst()) : Optional.empty();
  }

  /** The step of one layer by itself. */
  Step.Forward forward(Node node, BatchNormMode mode) {
    List<Integer> in = node.inputs().stream().map(outputs::get).toList();
    return switch (node.layer()) {
      case Layer.Conv2d l -> new Step.Convolve(l, network.window(l.name()), in.getFirst(), addOutput(node));
      case Layer.DepthwiseConv2d l ->
          new Step.DepthwiseConvolve(l, network.window(l.name()), in.getFirst(), addOutput(node));
      case Layer.BatchNorm l -> new Step.Normalize(l, mode, in.getFirst(), addOutput(node));
      case Layer.Relu6 l -> new Step.Rectify(l, in.getFirst(), addOutput(node));
      case Layer.Add l -> new Step.AddUp(l, in.get(0), in.get(1), addOutput(node));
      case Layer.GlobalAveragePool l -> new Step.AveragePool(l, in.getFirst(), addOutput(node));
      case Layer.Dense l -> new Step.Multiply(l, in.getFirst(), addOutput(node));
      case Layer.Sigmoid l -> new Step.ApplySigmoid(l, in.getFirst(), addOutput(node));
      case Layer.Softmax l -> new Step.ApplySoftmax(l, in.getFirst(), addOutput(node));
      case Layer.Input _, Layer.Dropout _ ->
          throw new IllegalStateException("layer '" + node.name() + "' has no forward step of its own");
    };
  }

  int addInput() {
    Node node = network.inputNode();
    int id = addValue(node.name(), network.shape(node.name()), Extent.PER_SAMPLE);
    outputs.put(node.name(), id);
    return id;
  }

  int addOutput(Node node) {
    int id = addValue(node.name(), network.shape(node.name()), Extent.PER_SAMPLE);
    outputs.put(node.name(), id);
    return id;
  }

  int addGradient(String layer) {
    int id = addValue(Planner.gradientOf(layer), network.shape(layer), Extent.PER_SAMPLE);
    gradients.put(layer, id);
    return id;
  }

  /** {@code rows} numbers for each channel of a layer's output. */
  int addPerChannel(String name, int rows, String layer) {
    return addValue(name, Shape.of(rows, network.shape(layer).extent(-1)), Extent.PER_BATCH);
  }

  int addValue(String name, Shape shape, Extent extent) {
    values.add(new DraftValue(name, shape, extent));
    return values.size() - 1;
  }

  Plan finish(List<Phase> phases, int input, Optional<TrainingSpec> spec) {
    var kept = new LinkedHashMap<String, Integer>();
    var tappable = new HashMap<>(outputs);
    gradients.forEach((layer, id) -> tappable.put(Planner.gradientOf(layer), id));
    for (String tap : taps) {
      Integer id = tappable.get(tap);
      if (id == null) {
        throw new IllegalArgumentException(
            "'" + tap + "' cannot be tapped: " + whyNotCalculated(tap, spec.isPresent()));
      }
      kept.put(tap, id);
    }
    List<Phase> nonEmpty = phases.stream().filter(phase -> !phase.steps().isEmpty()).toList();
    var memory = new SlotAllocator(batch, values, nonEmpty, input, Set.copyOf(kept.values()));
    return new Plan(network, batch, memory.values(), memory.slots(), nonEmpty, input, kept, spec);
  }

  /** Why no value has the name of a tap, and what could be tapped instead. */
  private String whyNotCalculated(String tap, boolean trains) {
    Optional<Node> gradient = network.nodes().stream().filter(node -> Planner.gradientOf(node.name()).equals(tap))
        .findFirst();
    if (gradient.isEmpty() && !network.contains(tap)) {
      return network.noLayer(tap);
    }
    if (gradient.isPresent() && !trains) {
      return "an inference plan calculates no gradients; Planner.training and Planner.explanation do";
    }
    String layer = gradient.map(Node::name).orElse(tap);
    String logits = Planner.logits(network);
    if (layer.equals(network.outputNode().name()) && !layer.equals(logits)) {
      return "a plan with a loss leaves the head out; tap the logits, '"
          + (gradient.isPresent() ? Planner.gradientOf(logits) : logits) + "'";
    }
    return gradient.isPresent()
        ? "the way back does not come to layer '" + layer
            + "', since neither it nor a layer before it trains or nothing "
            + "leads from it to the loss; make one trainable, or take Planner.explanation"
        : "this plan does not calculate it";
  }
}
