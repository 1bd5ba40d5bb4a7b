package dev.lentil.plan;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** The steps of inference. Normalisations are folded into the preceding convolution; an inverted residual, or a part of one, is one step. */
record FoldedSteps(Draft draft) {
  /** Inference steps for the given nodes, fused where the backend can and no tap or second reader looks inside. */
  List<Step> steps(List<Node> nodes) {
    var steps = new ArrayList<Step>();
    var done = new HashSet<String>(Set.of(draft.network().inputNode().name()));
    var allowed = new HashSet<String>();
    nodes.forEach(node -> allowed.add(node.name()));
    for (Node node : nodes) {
      if (done.contains(node.name())) {
        continue;
      }
      switch (node.layer()) {
        case Layer.Conv2d conv when draft.has(Fusion.CONVOLVE) ->
            steps.addAll(fuseBlock(fuse(conv, node, allowed, done), allowed, done));
        case Layer.DepthwiseConv2d _ when draft.has(Fusion.DEPTHWISE) ->
            steps.addAll(fuseDepthwise(Optional.empty(), node, allowed, done));
        // Dropout does nothing outside training: its output is its input.
        case Layer.Dropout _ -> draft.setOutput(node.name(), draft.output(node.input()));
        case Layer.Input _, Layer.Conv2d _, Layer.DepthwiseConv2d _, Layer.BatchNorm _, Layer.Relu6 _, Layer.Add _, Layer.GlobalAveragePool _, Layer.Dense _, Layer.Sigmoid _, Layer.Softmax _ ->
            steps.add(draft.forward(node, BatchNormMode.FROZEN));
      }
      done.add(node.name());
    }
    return steps;
  }

  /** The expansion, together with what follows if that makes an inverted residual. */
  private List<Step> fuseBlock(Step.FusedConvolve expand, Set<String> allowed, Set<String> done) {
    Optional<Node> next = draft.onlyReader(draft.network().node(expand.layers().getLast()), allowed);
    boolean together = expand.residual().isEmpty() && next.isPresent()
        && next.get().layer() instanceof Layer.DepthwiseConv2d
        && (draft.has(Fusion.INVERTED_RESIDUAL) || draft.has(Fusion.RECTIFIED_DEPTHWISE));
    return together ? fuseDepthwise(Optional.of(expand), next.get(), allowed, done) : List.of(expand);
  }

  private List<Step> fuseDepthwise(Optional<Step.FusedConvolve> expand, Node node, Set<String> allowed,
      Set<String> done) {
    Step.FusedDepthwise depthwise = fuse((Layer.DepthwiseConv2d) node.layer(), node, allowed, done);
    Optional<Node> next = draft.onlyReader(draft.network().node(depthwise.layers().getLast()), allowed);
    if (draft.has(Fusion.INVERTED_RESIDUAL) && next.isPresent()
        && next.get().layer() instanceof Layer.Conv2d conv && draft.network().window(conv.name()).isPointwise()) {
      return List.of(new Step.FusedInvertedResidual(expand, depthwise, fuse(conv, next.get(), allowed, done)));
    }
    if (draft.has(Fusion.RECTIFIED_DEPTHWISE) && expand.isPresent() && expand.get().activation() == Activation.RELU6) {
      return List.of(new Step.RectifiedDepthwise(expand.get(), depthwise));
    }
    return Stream.concat(expand.stream(), Stream.of((Step) depthwise)).toList();
  }

  private Step.FusedConvolve fuse(Layer.Conv2d conv, Node node, Set<String> allowed, Set<String> done) {
    var layers = new ArrayList<>(List.of(node.name()));
    Optional<Node> norm = draft.onlyReader(node, allowed).filter(next -> next.layer() instanceof Layer.BatchNorm);
    norm.ifPresent(next -> layers.add(next.name()));
    Node end = norm.orElse(node);
    Activation activation = Activation.NONE;
    OptionalInt residual = OptionalInt.empty();
    Optional<Node> next = draft.onlyReader(end, allowed);
    if (next.isPresent() && next.get().layer() instanceof Layer.Relu6) {
      activation = Activation.RELU6;
      end = next.get();
      layers.add(end.name());
    } else if (next.isPresent() && next.get().layer() instanceof Layer.Add) {
      String fused = end.name();
      List<String> others = next.get().inputs().stream().filter(input -> !input.equals(fused)).toList();
      if (others.size() == 1 && draft.hasOutput(others.getFirst())) {
        residual = OptionalInt.of(draft.output(others.getFirst()));
        end = next.get();
        layers.add(end.name());
      }
    }
    done.addAll(layers);
    return new Step.FusedConvolve(conv, draft.network().window(conv.name()), norm.map(n -> (Layer.BatchNorm) n.layer()),
        activation, residual, layers, draft.output(node.input()), draft.addOutput(end));
  }

  private Step.FusedDepthwise fuse(Layer.DepthwiseConv2d conv, Node node, Set<String> allowed, Set<String> done) {
    var layers = new ArrayList<>(List.of(node.name()));
    Optional<Node> norm = draft.onlyReader(node, allowed).filter(next -> next.layer() instanceof Layer.BatchNorm);
    norm.ifPresent(next -> layers.add(next.name()));
    Node end = norm.orElse(node);
    Optional<Node> relu = draft.onlyReader(end, allowed).filter(next -> next.layer() instanceof Layer.Relu6);
    relu.ifPresent(next -> layers.add(next.name()));
    done.addAll(layers);
    return new Step.FusedDepthwise(conv, draft.network().window(conv.name()),
        norm.map(n -> (Layer.BatchNorm) n.layer()),
        relu.isPresent() ? Activation.RELU6 : Activation.NONE, layers, draft.output(node.input()),
        draft.addOutput(relu.orElse(end)));
  }
}
