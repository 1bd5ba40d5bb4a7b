package dev.lentil.bench.layers;

import dev.lentil.bench.Work;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Summary;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one step of an inference plan does.
 *
 * @param kind the step's type: {@code FusedConvolve}
 * @param layers the layers it stands for, in network order
 * @param work for the plan's whole batch: operations of these layers; bytes of the values that the step reads and writes
 *     and of the layers' parameters, whatever stays inside the step not counted
 */
record StepWork(String kind, List<String> layers, Work work) {

  /** All steps of a plan, in order. */
  static List<StepWork> of(Plan plan) {
    Network network = plan.network();
    Map<String, Long> multiplyAdds = new HashMap<>();
    Summary.of(network).layers().forEach(row -> multiplyAdds.put(row.name(), row.multiplyAdds()));
    Set<String> done = new HashSet<>(Set.of(network.inputNode().name()));
    var steps = new ArrayList<StepWork>();
    for (Step step : plan.steps()) {
      List<String> layers = layers(plan, step, done);
      done.addAll(layers);
      double operations = 2.0 * plan.batch() * layers.stream().mapToLong(multiplyAdds::get).sum();
      long elements = step.reads().stream().mapToLong(id -> plan.value(id).size(plan.batch())).sum()
          + step.writes().stream().mapToLong(id -> plan.value(id).size(plan.batch())).sum()
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
