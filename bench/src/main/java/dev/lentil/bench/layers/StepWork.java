package dev.lentil.bench.layers;

import dev.lentil.bench.Work;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Summary;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Step;
import dev.lentil.plan.Step.ParameterGradients;
import dev.lentil.plan.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one step of a plan does.
 *
 * @param kind the step's type: {@code FusedConvolve}
 * @param layers of an inference plan, the layers it stands for, in network order; of a training plan what it writes first,
 *     {@code d(block_1_expand_BN)}
 * @param work for the plan's whole batch: operations of convolutions and dense layers; bytes of the values that the step reads
 *     and writes and, in an inference plan, of the layers' parameters, whatever stays inside the step not counted
 */
record StepWork(String kind, List<String> layers, Work work) {

  /** All steps of a plan, in order. */
  static List<StepWork> of(Plan plan) {
    return plan.spec().isPresent() ? ofTraining(plan) : ofInference(plan);
  }

  private static List<StepWork> ofTraining(Plan plan) {
    Map<String, Long> multiplyAdds = multiplyAdds(plan.network());
    var steps = new ArrayList<StepWork>();
    for (Step step : plan.steps()) {
      String name = step.writes().isEmpty() ? "parameters" : plan.value(step.writes().getFirst()).name();
      double operations = 2.0 * plan.batch() * products(step, multiplyAdds);
      steps.add(new StepWork(step.getClass().getSimpleName(), List.of(name),
          new Work(operations, (double) Float.BYTES * elements(plan, step))));
    }
    return steps;
  }

  /** Multiply-adds for each sample. A gradient has as many as the product that it is of. */
  private static long products(Step step, Map<String, Long> multiplyAdds) {
    return switch (step) {
      case Step.Convolve s -> multiplyAdds.get(s.layer().name());
      case Step.DepthwiseConvolve s -> multiplyAdds.get(s.layer().name());
      case Step.Multiply s -> multiplyAdds.get(s.layer().name());
      case Step.TrainConvolve s -> products(s.convolution(), multiplyAdds);
      case Step.ConvolveBackward s -> products(s.forward(), multiplyAdds) * gradients(s.dx(), s.parameters());
      case Step.DepthwiseConvolveBackward s -> products(s.forward(), multiplyAdds) * gradients(s.dx(), s.parameters());
      case Step.MultiplyBackward s -> products(s.forward(), multiplyAdds) * gradients(s.dx(), s.parameters());
      case Step.TrainConvolveBackward s -> products(s.forward(), multiplyAdds) * gradients(s.dx(), s.parameters());
      case Step.ExpandedBackward s -> products(s.expansion(), multiplyAdds) * gradients(s.dx(), s.expansionParameters())
          + products(s.depthwise(), multiplyAdds) * (1 + wanted(s.depthwiseParameters()));
      default -> 0;
    };
  }

  private static int gradients(Optional<Target> dx, ParameterGradients parameters) {
    return (dx.isPresent() ? 1 : 0) + wanted(parameters);
  }

  private static int wanted(ParameterGradients parameters) {
    return parameters == ParameterGradients.WANTED ? 1 : 0;
  }

  private static long elements(Plan plan, Step step) {
    return Stream.concat(step.reads().stream(), step.writes().stream())
        .mapToLong(id -> plan.value(id).size(plan.batch())).sum();
  }

  private static Map<String, Long> multiplyAdds(Network network) {
    Map<String, Long> multiplyAdds = new HashMap<>();
    Summary.of(network).layers().forEach(row -> multiplyAdds.put(row.name(), row.multiplyAdds()));
    return multiplyAdds;
  }

  private static List<StepWork> ofInference(Plan plan) {
    Network network = plan.network();
    Map<String, Long> multiplyAdds = multiplyAdds(network);
    Set<String> done = new HashSet<>(Set.of(network.inputNode().name()));
    var steps = new ArrayList<StepWork>();
    for (Step step : plan.steps()) {
      List<String> layers = layers(plan, step, done);
      done.addAll(layers);
      double operations = 2.0 * plan.batch() * layers.stream().mapToLong(multiplyAdds::get).sum();
      long elements = elements(plan, step)
          + layers.stream().flatMap(layer -> network.parameters(layer).stream()).map(ParameterSpec::shape)
              .mapToLong(shape -> shape.size()).sum();
      steps.add(new StepWork(step.getClass().getSimpleName(), layers,
          new Work(operations, (double) Float.BYTES * elements)));
    }
    return steps;
  }

  /** The layers up to the step's outputs that no earlier step stands for. A value is named like the layer that makes it. */
  private static List<String> layers(Plan plan, Step step, Set<String> done) {
    Set<String> found = new HashSet<>();
    step.writes().forEach(id -> collect(plan.network(), plan.value(id).name(), done, found));
    return plan.network().nodes().stream().map(Network.Node::name).filter(found::contains).toList();
  }

  private static void collect(Network network, String layer, Set<String> done, Set<String> found) {
    if (!done.contains(layer) && found.add(layer)) {
      network.node(layer).inputs().forEach(input -> collect(network, input, done, found));
    }
  }

  /** For people: the only layer, or the first and the last. */
  String name() {
    return layers.size() == 1 ? layers.getFirst() : layers.getFirst() + " .. " + layers.getLast();
  }
}
