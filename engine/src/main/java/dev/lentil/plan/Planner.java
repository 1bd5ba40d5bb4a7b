package dev.lentil.plan;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Network.Node;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.plan.Phase.Kind;
import dev.lentil.plan.Step.ParameterGradients;
import dev.lentil.plan.Target.Mode;
import dev.lentil.plan.Value.Extent;
import dev.lentil.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns a network and a purpose into a {@link Plan}. What no kernel should have to know is decided here, once: which
 * batch normalisations fold into a kernel, which layers fuse, which part of a fine-tuned network is frozen and so runs
 * as inference, the order of the backward steps, and which values share memory.
 */
public final class Planner {
  private final Network network;
  private final int batch;
  private final Set<Fusion> fusions;
  private final Set<String> taps;
  /** Layers whose gradient is wanted for itself, not because something below them trains. */
  private final Set<String> explained = new HashSet<>();
  private final Map<String, List<Node>> readers = new HashMap<>();

  private final List<DraftValue> values = new ArrayList<>();
  private final Map<String, Integer> outputs = new LinkedHashMap<>();
  private final Map<String, Integer> gradients = new HashMap<>();
  private final Map<String, Step.Forward> forwards = new HashMap<>();
  /** Normalisations that their reader does, by the layer that it reads. */
  private final Map<String, Step.Normalization> unfinished = new HashMap<>();
  /** By the normalisation that they take a gradient back through. */
  private final Map<String, Integer> coefficients = new HashMap<>();

  /** A value before it has been given memory. */
  record DraftValue(String name, Shape shape, Extent extent) {}

  private Planner(Network network, int batch, Set<Fusion> fusions, Set<String> taps) {
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

  /**
   * The plan of a forward pass with the moving statistics.
   *
   * @param fusions what the backend can fuse
   * @param taps layers whose outputs shall be readable besides the network's output
   */
  public static Plan inference(Network network, int batch, Set<Fusion> fusions, Set<String> taps) {
    Planner planner = new Planner(network, batch, fusions, taps);
    planner.taps.add(network.outputNode().name());
    taps.forEach(network::node);
    int input = planner.addInput();
    List<Step> steps = planner.forwardFolded(network.nodes());
    return planner.finish(List.of(new Phase(Kind.PER_SAMPLE, steps)), input, Optional.empty());
  }

  /**
   * The plan of a training step: forward, loss, backward, and the update if the specification has an optimiser. Layers
   * that cannot change (nothing trainable up to them, nothing random) run as inference. A sigmoid or softmax head is left
   * out, since the loss takes logits; the tap for them is {@link #logits}.
   */
  public static Plan training(Network network, int batch, TrainingSpec spec, Set<Fusion> fusions, Set<String> taps) {
    return new Planner(network, batch, fusions, taps).forwardAndBackward(spec);
  }

  /**
   * The plan that shows what the logits owe to layers inside the network: a forward pass as in inference (moving
   * statistics, no dropout), and the way back from the logits to the outputs of these layers. Both are taps: the output
   * under the layer's name, its gradient under {@link #gradientOf}. The labels of a batch are the factors of the logits,
   * see {@link Loss.WeighedLogits}. No parameter gets a gradient.
   *
   * @param layers any but a sigmoid or softmax head
   */
  public static Plan explanation(Network network, int batch, Set<Fusion> fusions, Set<String> layers) {
    layers.forEach(network::node);
    var taps = layers.stream().flatMap(layer -> Stream.of(layer, gradientOf(layer))).collect(Collectors.toSet());
    Planner planner = new Planner(network, batch, fusions, taps);
    planner.explained.addAll(layers);
    return planner.forwardAndBackward(
        new TrainingSpec(Set.of(), BatchNormMode.FROZEN, new Loss.WeighedLogits(), Optional.empty()));
  }

  private Plan forwardAndBackward(TrainingSpec spec) {
    String logits = logits(network);
    taps.add(logits);
    Set<String> frozen = frozenLayers(spec);
    int input = addInput();
    List<Node> body = network.nodes().stream().filter(node -> !(isHead(node.layer()))).toList();
    List<Step> prefix = forwardFolded(body.stream().filter(node -> frozen.contains(node.name())).toList());
    List<Node> trained = body.stream().filter(node -> !frozen.contains(node.name())).toList();
    Set<String> wanting = layersWantingGradient(spec);
    var steps = new ArrayList<>(forwardTraining(trained, spec, wanting));
    int dlogits = addGradient(logits);
    steps.add(new Step.ComputeLoss(spec.loss(), outputs.get(logits), dlogits));
    for (Node node : trained.reversed()) {
      // A layer without a forward step of its own is part of another's.
      if (wanting.contains(node.name()) && forwards.containsKey(node.name())) {
        steps.add(backward(node, spec, wanting));
      }
    }
    if (spec.optimizer().isPresent()) {
      steps.add(update(spec, network));
    }
    return finish(List.of(new Phase(Kind.PER_SAMPLE, prefix), new Phase(Kind.BATCH, steps)), input, Optional.of(spec));
  }

  /**
   * The plan of an update alone, from the gradients that the parameters' bank holds: for gradients that were summed over
   * several batches, or made elsewhere. It is for batches of 1 and does not look at the images.
   *
   * @throws IllegalArgumentException if the specification has no optimiser
   */
  public static Plan update(Network network, TrainingSpec spec) {
    Planner planner = new Planner(network, 1, Set.of(), Set.of());
    int input = planner.addInput();
    return planner.finish(List.of(new Phase(Kind.BATCH, List.of(update(spec, network)))), input, Optional.empty());
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
  private Set<String> frozenLayers(TrainingSpec spec) {
    var frozen = new HashSet<String>();
    for (Node node : network.nodes()) {
      boolean changes = switch (node.layer()) {
        case Layer.Dropout _ -> explained.isEmpty();
        case Layer.BatchNorm norm -> spec.mode(norm) != BatchNormMode.FROZEN;
        default -> trains(node, spec);
      };
      boolean wayBack = node.inputs().stream().anyMatch(explained::contains);
      if (!changes && !wayBack && frozen.containsAll(node.inputs())) {
        frozen.add(node.name());
      }
    }
    return frozen;
  }

  /** Layers that train or are explained, or stand after one that does or is: the backward pass goes through them. */
  private Set<String> layersWantingGradient(TrainingSpec spec) {
    var wanting = new HashSet<String>();
    for (Node node : network.nodes()) {
      if (trains(node, spec) || explained.contains(node.name()) || node.inputs().stream().anyMatch(wanting::contains)) {
        wanting.add(node.name());
      }
    }
    return wanting;
  }

  private boolean trains(Node node, TrainingSpec spec) {
    return switch (node.layer()) {
      case Layer.BatchNorm norm -> spec.mode(norm) != BatchNormMode.FROZEN;
      default -> spec.trainable().contains(node.name()) && !network.parameters(node.name()).isEmpty();
    };
  }

  // ---- forward ----

  private int addInput() {
    Node node = network.inputNode();
    int id = addValue(node.name(), network.shape(node.name()), Extent.PER_SAMPLE);
    outputs.put(node.name(), id);
    return id;
  }

  /** Inference steps for the given nodes, fused where the backend can and no tap or second reader looks inside. */
  private List<Step> forwardFolded(List<Node> nodes) {
    var steps = new ArrayList<Step>();
    var done = new HashSet<String>(Set.of(network.inputNode().name()));
    var allowed = new HashSet<String>();
    nodes.forEach(node -> allowed.add(node.name()));
    for (Node node : nodes) {
      if (done.contains(node.name())) {
        continue;
      }
      switch (node.layer()) {
        case Layer.Conv2d conv when fusions.contains(Fusion.CONVOLVE) ->
            steps.addAll(fuseBlock(fuse(conv, node, allowed, done), allowed, done));
        case Layer.DepthwiseConv2d _ when fusions.contains(Fusion.DEPTHWISE) ->
            steps.addAll(fuseDepthwise(Optional.empty(), node, allowed, done));
        // Dropout does nothing outside training: its output is its input.
        case Layer.Dropout _ -> outputs.put(node.name(), outputs.get(node.input()));
        default -> steps.add(forward(node, BatchNormMode.FROZEN));
      }
      done.add(node.name());
    }
    return steps;
  }

  /** The widening convolution, together with what follows if that makes an inverted residual. */
  private List<Step> fuseBlock(Step.FusedConvolve widen, Set<String> allowed, Set<String> done) {
    Optional<Node> next = onlyReader(network.node(widen.layers().getLast()), allowed);
    boolean block = fusions.contains(Fusion.INVERTED_RESIDUAL) && widen.residual().isEmpty() && next.isPresent()
        && next.get().layer() instanceof Layer.DepthwiseConv2d;
    return block ? fuseDepthwise(Optional.of(widen), next.get(), allowed, done) : List.of(widen);
  }

  private List<Step> fuseDepthwise(Optional<Step.FusedConvolve> widen, Node node, Set<String> allowed,
      Set<String> done) {
    Step.FusedDepthwise depthwise = fuse((Layer.DepthwiseConv2d) node.layer(), node, allowed, done);
    Optional<Node> next = onlyReader(network.node(depthwise.layers().getLast()), allowed);
    if (fusions.contains(Fusion.INVERTED_RESIDUAL) && next.isPresent()
        && next.get().layer() instanceof Layer.Conv2d conv && network.window(conv.name()).isPointwise()) {
      return List.of(new Step.FusedInvertedResidual(widen, depthwise, fuse(conv, next.get(), allowed, done)));
    }
    return Stream.concat(widen.stream(), Stream.of((Step) depthwise)).toList();
  }

  private Step.FusedConvolve fuse(Layer.Conv2d conv, Node node, Set<String> allowed, Set<String> done) {
    var layers = new ArrayList<>(List.of(node.name()));
    Optional<Node> norm = onlyReader(node, allowed).filter(next -> next.layer() instanceof Layer.BatchNorm);
    norm.ifPresent(next -> layers.add(next.name()));
    Node end = norm.orElse(node);
    Activation activation = Activation.NONE;
    OptionalInt residual = OptionalInt.empty();
    Optional<Node> next = onlyReader(end, allowed);
    if (next.isPresent() && next.get().layer() instanceof Layer.Relu6) {
      activation = Activation.RELU6;
      end = next.get();
      layers.add(end.name());
    } else if (next.isPresent() && next.get().layer() instanceof Layer.Add) {
      String fused = end.name();
      List<String> others = next.get().inputs().stream().filter(input -> !input.equals(fused)).toList();
      if (others.size() == 1 && outputs.containsKey(others.getFirst())) {
        residual = OptionalInt.of(outputs.get(others.getFirst()));
        end = next.get();
        layers.add(end.name());
      }
    }
    done.addAll(layers);
    return new Step.FusedConvolve(conv, network.window(conv.name()), norm.map(n -> (Layer.BatchNorm) n.layer()),
        activation, residual, layers, outputs.get(node.input()), addOutput(end));
  }

  private Step.FusedDepthwise fuse(Layer.DepthwiseConv2d conv, Node node, Set<String> allowed, Set<String> done) {
    var layers = new ArrayList<>(List.of(node.name()));
    Optional<Node> norm = onlyReader(node, allowed).filter(next -> next.layer() instanceof Layer.BatchNorm);
    norm.ifPresent(next -> layers.add(next.name()));
    Node end = norm.orElse(node);
    Optional<Node> relu = onlyReader(end, allowed).filter(next -> next.layer() instanceof Layer.Relu6);
    relu.ifPresent(next -> layers.add(next.name()));
    done.addAll(layers);
    return new Step.FusedDepthwise(conv, network.window(conv.name()), norm.map(n -> (Layer.BatchNorm) n.layer()),
        relu.isPresent() ? Activation.RELU6 : Activation.NONE, layers, outputs.get(node.input()),
        addOutput(relu.orElse(end)));
  }

  /** The one layer that reads a node's output, if there is exactly one, it may be run now, and nobody taps the output. */
  private Optional<Node> onlyReader(Node node, Set<String> allowed) {
    List<Node> all = readers.getOrDefault(node.name(), List.of());
    boolean fusible = all.size() == 1 && !taps.contains(node.name()) && !taps.contains(gradientOf(node.name()))
        && allowed.contains(all.getFirst().name());
    return fusible ? Optional.of(all.getFirst()) : Optional.empty();
  }

  /** Training steps for the given nodes: a convolution with the normalisations on both sides where the backend can. */
  private List<Step> forwardTraining(List<Node> nodes, TrainingSpec spec, Set<String> wanting) {
    var steps = new ArrayList<Step>();
    var done = new HashSet<String>();
    var allowed = nodes.stream().map(Node::name).collect(Collectors.toSet());
    for (Node node : nodes) {
      if (done.contains(node.name())) {
        continue;
      }
      Optional<Step.Normalization> before =
          node.inputs().size() == 1 ? Optional.ofNullable(unfinished.remove(node.input())) : Optional.empty();
      Optional<Node> after = fusibleNorm(node, spec, wanting, allowed);
      if (before.isEmpty() && after.isEmpty()) {
        steps.add(forwardTraining(node, spec));
        continue;
      }
      Step.Unary convolution = (Step.Unary) forward(node, BatchNormMode.FROZEN);
      Optional<Step.NormalizeBatch> norm = after.map(next -> normalizeBatch((Layer.BatchNorm) next.layer(), next));
      var fused = new Step.TrainConvolve(before, convolution, norm);
      forwards.put(node.name(), fused);
      steps.add(fused);
      after.ifPresent(next -> {
        done.add(next.name());
        steps.addAll(afterStatistics(next, norm.orElseThrow(), allowed, done));
      });
    }
    return steps;
  }

  /** The batch normalisation after a convolution, if its statistics can be taken as the convolution writes. */
  private Optional<Node> fusibleNorm(Node node, TrainingSpec spec, Set<String> wanting, Set<String> allowed) {
    boolean convolution = node.layer() instanceof Layer.DepthwiseConv2d || node.layer() instanceof Layer.Conv2d
        // the input's gradient of a larger window overlaps from row to row
        && (network.window(node.name()).isPointwise() || !wanting.contains(node.input()));
    if (!convolution || !fusions.contains(Fusion.BATCH_STATISTICS)) {
      return Optional.empty();
    }
    return onlyReader(node, allowed).filter(
        next -> next.layer() instanceof Layer.BatchNorm norm && spec.mode(norm) == BatchNormMode.TRAINING);
  }

  /** What becomes of a normalisation whose statistics are known: its reader does it, or a step of its own. */
  private List<Step> afterStatistics(Node norm, Step.NormalizeBatch step, Set<String> allowed, Set<String> done) {
    Optional<Node> next = onlyReader(norm, allowed);
    Optional<Node> relu = next.filter(node -> node.layer() instanceof Layer.Relu6);
    relu.ifPresent(node -> done.add(node.name()));
    Node end = relu.orElse(norm);
    var normalization = new Step.Normalization(step,
        relu.map(node -> new Step.Rectify((Layer.Relu6) node.layer(), step.y(), addOutput(node))));
    Optional<Node> reader = onlyReader(end, allowed);
    // without ReLU6 it is the narrow end of a block: stored, it costs little and its reader needs no normalisation
    if (relu.isPresent() && reader.filter(this::readsNormalized).isPresent()) {
      unfinished.put(end.name(), normalization);
      return List.of();
    }
    Optional<Step.AddUp> sum = Optional.empty();
    if (relu.isEmpty() && reader.isPresent() && reader.get().layer() instanceof Layer.Add
        && outputs.keySet().containsAll(reader.get().inputs())) {
      end = reader.get();
      done.add(end.name());
      sum = Optional.of((Step.AddUp) forward(end, BatchNormMode.FROZEN));
    }
    var finish = new Step.FinishNormalization(normalization, sum);
    forwards.put(end.name(), finish);
    return List.of(finish);
  }

  private boolean readsNormalized(Node node) {
    return node.layer() instanceof Layer.DepthwiseConv2d
        || node.layer() instanceof Layer.Conv2d && network.window(node.name()).isPointwise();
  }

  private Step.NormalizeBatch normalizeBatch(Layer.BatchNorm norm, Node node) {
    int saved = addPerChannel("statistics(" + node.name() + ")", 2, node.name());
    return new Step.NormalizeBatch(norm, outputs.get(node.input()), addOutput(node), saved);
  }

  private Step forwardTraining(Node node, TrainingSpec spec) {
    Step.Forward step = switch (node.layer()) {
      case Layer.BatchNorm norm when spec.mode(norm) == BatchNormMode.TRAINING -> normalizeBatch(norm, node);
      case Layer.BatchNorm norm -> forward(node, spec.mode(norm));
      case Layer.Dropout(String name, double rate) ->
          new Step.DropOut(new Layer.Dropout(name, explained.isEmpty() ? rate : 0), network.index(name),
              outputs.get(node.input()), addOutput(node));
      default -> forward(node, BatchNormMode.FROZEN);
    };
    forwards.put(node.name(), step);
    return step;
  }

  private Step.Forward forward(Node node, BatchNormMode mode) {
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

  // ---- backward ----

  private Step backward(Node node, TrainingSpec spec, Set<String> wanting) {
    return switch (forwards.get(node.name())) {
      case Step.TrainConvolve f -> backward(f, node, spec, wanting);
      case Step.FinishNormalization f -> backward(f, node, wanting);
      case Step.Forward f -> backward(f, node, parameterGradients(node, spec), wanting);
    };
  }

  private ParameterGradients parameterGradients(Node node, TrainingSpec spec) {
    return trains(node, spec) ? ParameterGradients.WANTED : ParameterGradients.NOT_WANTED;
  }

  private Step backward(Step.TrainConvolve f, Node node, TrainingSpec spec, Set<String> wanting) {
    String result = f.after().map(norm -> norm.layer().name()).orElse(node.name());
    OptionalInt coefficients =
        f.after().map(norm -> OptionalInt.of(this.coefficients.get(result))).orElse(OptionalInt.empty());
    ParameterGradients own = parameterGradients(node, spec);
    Optional<Node> expansion = expansion(f, wanting);
    if (expansion.isPresent()) {
      Node before = expansion.get();
      return new Step.ExpandedBackward((Step.TrainConvolve) forwards.remove(before.name()), f, gradients.get(result),
          coefficients, target(before.input(), wanting), parameterGradients(before, spec), own);
    }
    Optional<String> read = f.before().map(normalization -> normalization.norm().layer().name());
    Optional<Target> dx = target(read.orElse(node.input()), wanting);
    OptionalInt written = read.map(norm -> OptionalInt.of(addCoefficients(norm))).orElse(OptionalInt.empty());
    return new Step.TrainConvolveBackward(f, gradients.get(result), coefficients, dx, written, own);
  }

  /** The pointwise convolution whose result a depthwise one normalises, if both can be taken back together. */
  private Optional<Node> expansion(Step.TrainConvolve f, Set<String> wanting) {
    if (!(f.convolution() instanceof Step.DepthwiseConvolve)) {
      return Optional.empty();
    }
    return f.before().map(normalization -> network.node(network.node(normalization.norm().layer().name()).input()))
        .filter(node -> wanting.contains(node.name()))
        .filter(node -> forwards.get(node.name()) instanceof Step.TrainConvolve e && e.before().isEmpty()
            && e.convolution() instanceof Step.Convolve c && c.window().isPointwise() && !c.layer().bias()
            // each sample adds to a weight gradient of channels times wide: that pays if it has many pixels
            && c.window().outH() * c.window().outW() >= network.inputShape(node.name()).extent(-1));
  }

  private Step backward(Step.FinishNormalization f, Node node, Set<String> wanting) {
    int dy = gradients.get(node.name());
    String norm = f.normalization().norm().layer().name();
    // Nothing changes a gradient on its way back to one side of a sum: it is the same value.
    int dnorm = f.normalization().relu().isPresent() ? addGradient(norm) : dy;
    gradients.put(norm, dnorm);
    Optional<Target> other = f.sum().flatMap(
        sum -> target(node.inputs().stream().filter(input -> !input.equals(norm)).findFirst().orElseThrow(), wanting));
    return new Step.FinishNormalizationBackward(f, dy, dnorm, addCoefficients(norm), other);
  }

  private Step backward(Step.Forward forward, Node node, ParameterGradients own, Set<String> wanting) {
    int dy = gradients.get(node.name());
    List<Optional<Target>> targets = node.inputs().stream().map(input -> target(input, wanting)).toList();
    return switch (forward) {
      case Step.Convolve f -> new Step.ConvolveBackward(f, dy, targets.getFirst(), own);
      case Step.DepthwiseConvolve f -> new Step.DepthwiseConvolveBackward(f, dy, targets.getFirst(), own);
      case Step.Normalize f -> new Step.NormalizeBackward(f, dy, targets.getFirst());
      case Step.NormalizeBatch f -> new Step.NormalizeBatchBackward(f, dy, targets.getFirst());
      case Step.Rectify f -> new Step.RectifyBackward(f, dy, targets.getFirst());
      case Step.AddUp f -> new Step.AddUpBackward(f, dy, targets.get(0), targets.get(1));
      case Step.AveragePool f -> new Step.AveragePoolBackward(f, dy, targets.getFirst());
      case Step.DropOut f -> new Step.DropOutBackward(f, dy, targets.getFirst());
      case Step.Multiply f -> new Step.MultiplyBackward(f, dy, targets.getFirst(), own);
      case Step.ApplySigmoid _, Step.ApplySoftmax _, Step.FusedConvolve _, Step.FusedDepthwise _, Step.FusedInvertedResidual _, Step.TrainConvolve _, Step.FinishNormalization _ ->
          throw new IllegalStateException("layer '" + node.name() + "' cannot be trained through");
    };
  }

  private Optional<Target> target(String input, Set<String> wanting) {
    if (!wanting.contains(input)) {
      return Optional.empty();
    }
    Integer existing = gradients.get(input);
    return Optional.of(existing == null
        ? new Target(addGradient(input), Mode.WRITE)
        : new Target(existing, Mode.ACCUMULATE));
  }

  // ---- values ----

  private int addOutput(Node node) {
    int id = addValue(node.name(), network.shape(node.name()), Extent.PER_SAMPLE);
    outputs.put(node.name(), id);
    return id;
  }

  private int addGradient(String layer) {
    int id = addValue(gradientOf(layer), network.shape(layer), Extent.PER_SAMPLE);
    gradients.put(layer, id);
    return id;
  }

  private int addCoefficients(String norm) {
    int id = addPerChannel("coefficients(" + norm + ")", 3, norm);
    coefficients.put(norm, id);
    return id;
  }

  /** {@code rows} numbers for each channel of a layer's output. */
  private int addPerChannel(String name, int rows, String layer) {
    return addValue(name, Shape.of(rows, network.shape(layer).extent(-1)), Extent.PER_BATCH);
  }

  private int addValue(String name, Shape shape, Extent extent) {
    values.add(new DraftValue(name, shape, extent));
    return values.size() - 1;
  }

  private Plan finish(List<Phase> phases, int input, Optional<TrainingSpec> spec) {
    var kept = new LinkedHashMap<String, Integer>();
    var tappable = new HashMap<>(outputs);
    gradients.forEach((layer, id) -> tappable.put(gradientOf(layer), id));
    for (String tap : taps) {
      Integer id = tappable.get(tap);
      if (id == null) {
        throw new IllegalArgumentException("'" + tap + "' cannot be tapped: this plan does not calculate it");
      }
      kept.put(tap, id);
    }
    List<Phase> nonEmpty = phases.stream().filter(phase -> !phase.steps().isEmpty()).toList();
    var memory = new SlotAllocator(batch, values, nonEmpty, input, Set.copyOf(kept.values()));
    return new Plan(network, batch, memory.values(), memory.slots(), nonEmpty, input, kept, spec);
  }
}
