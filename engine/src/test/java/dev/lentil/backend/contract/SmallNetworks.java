package dev.lentil.backend.contract;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.InvertedResidual;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.testing.RandomTensors;
import java.util.Set;
import java.util.stream.Collectors;

/** Networks that have everything MobileNetV2 has, and are small enough to run many times. */
final class SmallNetworks {
  /** A float32 pre-activation of these sizes is nearer than this to its float64 value. */
  private static final double CLEAR = 2e-5;

  private SmallNetworks() {}

  /** Weights and a batch for a network. */
  record Case(Weights weights, Batch batch) {}

  /** A stem, an inverted residual with a sum, a strided one, the head; 13x10 pixels, uneven channel counts. */
  static Network twoBlocks(int classes, double dropout) {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(13, 10, 3)));
    builder.add(new Layer.Conv2d("stem", 9, 3, 2, Padding.KERAS, false));
    builder.add(new Layer.BatchNorm("stem_BN", 1e-3, 0.9));
    String x = builder.add(new Layer.Relu6("stem_relu"));
    x = new InvertedResidual("block_1_", 3, 9, 1, Padding.KERAS, 1e-3, 0.9).addTo(builder, x);
    new InvertedResidual("block_2_", 4, 17, 2, Padding.SYMMETRIC, 1e-3, 0.9).addTo(builder, x);
    builder.add(new Layer.GlobalAveragePool("pool"));
    if (dropout > 0) {
      builder.add(new Layer.Dropout("dropout", dropout));
    }
    builder.add(new Layer.Dense("logits", classes));
    builder.add(classes == 1 ? new Layer.Sigmoid("head") : new Layer.Softmax("head"));
    return builder.build();
  }

  static Loss loss(int classes) {
    return classes == 1 ? new Loss.BinaryCrossEntropy() : new Loss.CategoricalCrossEntropy();
  }

  /**
   * The first of the seeded cases in which no ReLU6 stands so near a kink that float32 might fall on the other side: there
   * the gradients of the two would rightly differ.
   */
  static Case awayFromKinks(Network network, TrainingSpec spec, int n) {
    Set<String> before = network.nodes().stream().filter(node -> node.layer() instanceof Layer.Relu6)
        .map(Network.Node::input).collect(Collectors.toSet());
    Plan plan = Planner.training(network, n, spec, Set.of(), before);
    for (int seed = 0; seed < 200; seed++) {
      var random = new RandomTensors(seed);
      Case drawn = new Case(random.weights(network), random.batch(network, n, spec.loss()));
      try (Device device = Backends.named("reference").open(DeviceOptions.defaults());
          ParameterBank bank = device.load(network, drawn.weights());
          Executable executable = device.compile(plan, bank)) {
        executable.run(drawn.batch(), new RunState(11, 1, 1, 0));
        boolean clear = true;
        for (String layer : before) {
          for (double x : executable.read(layer).doubles()) {
            clear &= Math.abs(x) > CLEAR && Math.abs(x - 6) > CLEAR;
          }
        }
        if (clear) {
          return drawn;
        }
      }
    }
    throw new AssertionError("no case away from kinks");
  }
}
