package dev.lentil.plan;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network.Node;
import dev.lentil.plan.Step.ParameterGradients;
import dev.lentil.plan.Target.Mode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** The forward and backward steps of the trained layers: single layers, or a convolution with its neighbouring normalisations. */
final class TrainingSteps {
  private final Draft draft;
  private final TrainingSpec spec;
  private final Set<String> wanting;
  private final boolean dropout;
  private final Map<String, Step.Forward> forwards = new HashMap<>();
  /** Normalisations that their reader does, by the layer that it reads. */
  private final Map<String, Step.Normalization> unfinished = new HashMap<>();
  /** By the normalisation that they take a gradient back through. */
  private final Map<String, Integer> coefficients = new HashMap<>();

  /**
   * @param wanting layers that the backward pass goes through
   * @param dropout whether dropout drops anything
   */
  TrainingSteps(Draft draft, TrainingSpec spec, Set<String> wanting, boolean dropout) {
    this.draft = draft;
    this.spec = spec;
    this.wanting = wanting;
    this.dropout = dropout;
  }

  /** Training steps for the given nodes: a convolution with the normalisations on both sides where the backend can. */
  List<Step> forward(List<Node> nodes) {
    var steps = new ArrayList<Step>();
    var done = new HashSet<String>();
    var allowed = nodes.stream().map(Node::name).collect(Collectors.toSet());
    for (Node node : nodes) {
      if (done.contains(node.name())) {
        continue;
      }
      Optional<Step.Normalization> before =
          node.inputs().size() == 1 ? Optional.ofNullable(unfinished.remove(node.input())) : Optional.empty();
      Optional<Node> after = fusibleNorm(node, allowed);
      if (before.isEmpty() && after.isEmpty()) {
        steps.add(single(node));
        continue;
      }
      Step.Convolution convolution = (Step.Convolution) draft.forward(node, BatchNormMode.FROZEN);
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
  private Optional<Node> fusibleNorm(Node node, Set<String> allowed) {
    boolean convolution = node.layer() instanceof Layer.DepthwiseConv2d || node.layer() instanceof Layer.Conv2d
        // the input's gradient of a larger window overlaps from row to row
        && (draft.network().window(node.name()).isPointwise() || !wanting.contains(node.input()));
    if (!convolution || !draft.has(Fusion.BATCH_STATISTICS)) {
      return Optional.empty();
    }
    return draft.onlyReader(node, allowed).filter(
        next -> next.layer() instanceof Layer.BatchNorm norm && spec.mode(norm) == BatchNormMode.TRAINING);
  }

  /** What becomes of a normalisation whose statistics are known: its reader does it, or a step of its own. */
  private List<Step> afterStatistics(Node norm, Step.NormalizeBatch step, Set<String> allowed, Set<String> done) {
    Optional<Node> next = draft.onlyReader(norm, allowed);
    Optional<Node> relu = next.filter(node -> node.layer() instanceof Layer.Relu6);
    relu.ifPresent(node -> done.add(node.name()));
    Node end = relu.orElse(norm);
    var normalization = new Step.Normalization(step,
        relu.map(node -> new Step.Rectify((Layer.Relu6) node.layer(), step.y(), draft.addOutput(node))));
    Optional<Node> reader = draft.onlyReader(end, allowed);
    // without ReLU6 it is the narrow end of a block: stored, it costs little and its reader needs no normalisation
    if (relu.isPresent() && reader.filter(this::readsNormalized).isPresent()) {
      unfinished.put(end.name(), normalization);
      return List.of();
    }
    Optional<Step.AddUp> sum = Optional.empty();
    if (relu.isEmpty() && reader.isPresent() && reader.get().layer() instanceof Layer.Add
        && reader.get().inputs().stream().allMatch(draft::hasOutput)) {
      end = reader.get();
      done.add(end.name());
      sum = Optional.of((Step.AddUp) draft.forward(end, BatchNormMode.FROZEN));
    }
    var finish = new Step.FinishNormalization(normalization, sum);
    forwards.put(end.name(), finish);
    return List.of(finish);
  }

  private boolean readsNormalized(Node node) {
    return node.layer() instanceof Layer.DepthwiseConv2d || draft.has(Fusion.NORMALIZED_POINTWISE)
        && node.layer() instanceof Layer.Conv2d && draft.network().window(node.name()).isPointwise();
  }

  private Step.NormalizeBatch normalizeBatch(Layer.BatchNorm norm, Node node) {
    int saved = draft.addPerChannel("statistics(" + node.name() + ")", 2, node.name());
    return new Step.NormalizeBatch(norm, draft.output(node.input()), draft.addOutput(node), saved);
  }

  private Step single(Node node) {
    Step.Forward step = switch (node.layer()) {
      case Layer.BatchNorm norm when spec.mode(norm) == BatchNormMode.TRAINING -> normalizeBatch(norm, node);
      case Layer.BatchNorm norm -> draft.forward(node, spec.mode(norm));
      case Layer.Dropout(String name, double rate) ->
          new Step.DropOut(new Layer.Dropout(name, dropout ? rate : 0), draft.network().index(name),
              draft.output(node.input()), draft.addOutput(node));
      case Layer.Input _, Layer.Conv2d _, Layer.DepthwiseConv2d _, Layer.Relu6 _, Layer.Add _, Layer.GlobalAveragePool _, Layer.Dense _, Layer.Sigmoid _, Layer.Softmax _ ->
          draft.forward(node, BatchNormMode.FROZEN);
    };
    forwards.put(node.name(), step);
    return step;
  }

  /** The way back through the same nodes. */
  List<Step> backward(List<Node> nodes) {
    // A layer without a forward step of its own is part of another's, also one that another has taken over on the way back.
    var steps = new ArrayList<Step>();
    for (Node node : nodes.reversed()) {
      if (wanting.contains(node.name()) && forwards.containsKey(node.name())) {
        steps.add(backward(node));
      }
    }
    return steps;
  }

  private Step backward(Node node) {
    return switch (forwards.get(node.name())) {
      case Step.TrainConvolve f -> backward(f, node);
      case Step.FinishNormalization f -> backward(f, node);
      case Step.Forward f -> backward(f, node, parameterGradients(node));
    };
  }

  private ParameterGradients parameterGradients(Node node) {
    return spec.trains(node.layer()) ? ParameterGradients.WANTED : ParameterGradients.NOT_WANTED;
  }

  private Step backward(Step.TrainConvolve f, Node node) {
    String result = f.after().map(norm -> norm.layer().name()).orElse(node.name());
    OptionalInt coefficients =
        f.after().map(norm -> OptionalInt.of(this.coefficients.get(result))).orElse(OptionalInt.empty());
    ParameterGradients own = parameterGradients(node);
    Optional<Node> expansion = expansion(f);
    if (expansion.isPresent()) {
      Node before = expansion.get();
      return new Step.ExpandedBackward((Step.TrainConvolve) forwards.remove(before.name()), f, draft.gradient(result),
          coefficients, target(before.input()), parameterGradients(before), own);
    }
    Optional<String> read = f.before().map(normalization -> normalization.norm().layer().name());
    Optional<Target> dx = target(read.orElse(node.input()));
    OptionalInt written = read.map(norm -> OptionalInt.of(addCoefficients(norm))).orElse(OptionalInt.empty());
    return new Step.TrainConvolveBackward(f, draft.gradient(result), coefficients, dx, written, own);
  }

  /** The pointwise convolution whose result a depthwise one normalises, if both can be taken back together. */
  private Optional<Node> expansion(Step.TrainConvolve f) {
    if (!draft.has(Fusion.EXPANDED_BACKWARD) || !(f.convolution() instanceof Step.DepthwiseConvolve)) {
      return Optional.empty();
    }
    return f.before()
        .map(normalization -> draft.network().node(draft.network().node(normalization.norm().layer().name()).input()))
        .filter(node -> wanting.contains(node.name()))
        .filter(node -> forwards.get(node.name()) instanceof Step.TrainConvolve e && e.before().isEmpty()
            && e.convolution() instanceof Step.Convolve c && c.window().isPointwise() && !c.layer().bias()
            // each sample adds to a kernel gradient of channels times wide: that pays if it has many pixels
            && c.window().outH() * c.window().outW() >= draft.network().inputShape(node.name()).extent(-1));
  }

  private Step backward(Step.FinishNormalization f, Node node) {
    int dy = draft.gradient(node.name());
    String norm = f.normalization().norm().layer().name();
    // Nothing changes a gradient on its way back to one side of a sum: it is the same value.
    int dnorm = f.normalization().relu().isPresent() ? draft.addGradient(norm) : dy;
    draft.setGradient(norm, dnorm);
    Optional<Target> other = f.sum().flatMap(
        sum -> target(node.inputs().stream().filter(input -> !input.equals(norm)).findFirst().orElseThrow()));
    return new Step.FinishNormalizationBackward(f, dy, dnorm, addCoefficients(norm), other);
  }

  private Step backward(Step.Forward forward, Node node, ParameterGradients own) {
    int dy = draft.gradient(node.name());
    List<Optional<Target>> targets = node.inputs().stream().map(input -> target(input)).toList();
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
      case Step.ApplySigmoid _, Step.ApplySoftmax _, Step.FusedConvolve _, Step.FusedDepthwise _, Step.RectifiedDepthwise _, Step.FusedInvertedResidual _, Step.TrainConvolve _, Step.FinishNormalization _ ->
          throw new IllegalStateException("layer '" + node.name() + "' cannot be trained through");
    };
  }

  private Optional<Target> target(String input) {
    if (!wanting.contains(input)) {
      return Optional.empty();
    }
    return Optional.of(draft.findGradient(input).map(existing -> new Target(existing, Mode.ACCUMULATE))
        .orElseGet(() -> new Target(draft.addGradient(input), Mode.WRITE)));
  }

  private int addCoefficients(String norm) {
    int id = draft.addPerChannel("coefficients(" + norm + ")", 3, norm);
    coefficients.put(norm, id);
    return id;
  }
}
