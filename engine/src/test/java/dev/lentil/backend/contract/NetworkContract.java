package dev.lentil.backend.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Padding;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole networks and optimisers of a backend against the reference. */
public abstract class NetworkContract {
  /** The backend under test. */
  protected abstract String backend();

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "5, 7"})
  void inference(int n, int classes) {
    Network network = SmallNetworks.twoBlocks(classes, 0.3);
    var random = new RandomTensors(n);
    Weights weights = random.weights(network);
    Tensor images = random.normal(network.shape("input").batched(n), 0, 1);
    var worst = new WorstErrors();
    try (Pair pair = Pair.of(backend())) {
      for (String layer : List.of("head", "logits", "pool", "block_1_add", "block_2_expand")) {
        worst.add(layer, "batch " + n, Pair.infer(pair.tested(), network, weights, images, layer),
            Pair.infer(pair.reference(), network, weights, images, layer));
      }
    }
    worst.judge(backend() + " inference of two blocks", OperationContract.LIMIT);
  }

  @ParameterizedTest
  @EnumSource(BatchNormMode.class)
  void training(BatchNormMode mode) {
    Network network = SmallNetworks.twoBlocks(3, 0.3);
    compareTraining("training, " + mode, network, spec(network, 0, mode, Optional.empty(), 3), 5);
  }

  @ParameterizedTest
  @EnumSource(BatchNormMode.class)
  void trainingBehindAFrozenPart(BatchNormMode mode) {
    Network network = SmallNetworks.twoBlocks(1, 0.3);
    int cut = network.index("block_1_project");
    compareTraining("training from block_1_project, " + mode, network, spec(network, cut, mode, Optional.empty(), 1),
        2);
  }

  /** Outputs of layers inside and the logits' gradients with respect to them, down to the image. */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 2"})
  void explanation(int classes, int n) {
    Network network = SmallNetworks.twoBlocks(classes, 0.3);
    var spec = new TrainingSpec(Set.of(), BatchNormMode.FROZEN, new Loss.WeightedLogits(), Optional.empty());
    SmallNetworks.Case drawn = SmallNetworks.awayFromKinks(network, spec, n);
    Tensor factors = new RandomTensors(5).normal(Shape.of(n, classes), 0, 1);
    Batch batch = new Batch(drawn.batch().images(), factors, drawn.batch().weights());
    var worst = new WorstErrors();
    try (Pair pair = Pair.of(backend())) {
      for (String layer : List.of("input", "stem", "block_1_expand_BN", "block_1_add", "block_2_project_BN", "pool")) {
        var actual = Pair.explain(pair.tested(), network, drawn.weights(), batch, layer);
        var expected = Pair.explain(pair.reference(), network, drawn.weights(), batch, layer);
        worst.add("sum of logits", layer, Math.abs(actual.loss() / expected.loss() - 1));
        expected.tensors().forEach((name, tensor) -> worst.add(name, layer, actual.tensors().get(name), tensor));
      }
    }
    worst.judge(backend() + " explanation, " + classes + " classes", OperationContract.LIMIT);
  }

  /** Labels between 0 and 1, as label smoothing makes them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void smoothedLabels(int classes) {
    Network network = SmallNetworks.twoBlocks(classes, 0);
    TrainingSpec spec = spec(network, 0, BatchNormMode.FROZEN, Optional.empty(), classes);
    SmallNetworks.Case drawn = SmallNetworks.awayFromKinks(network, spec, 4);
    double[] labels = drawn.batch().labels().doubles();
    float[] smoothed = new float[labels.length];
    for (int i = 0; i < labels.length; i++) {
      smoothed[i] = (float) (0.9 * labels[i] + 0.1 / Math.max(2, classes));
    }
    Batch batch = new Batch(drawn.batch().images(), Tensor.of(drawn.batch().labels().shape(), smoothed),
        drawn.batch().weights());
    var worst = new WorstErrors();
    try (Pair pair = Pair.of(backend())) {
      compareOnce(worst, pair, network, spec, new SmallNetworks.Case(drawn.weights(), batch), classes + " outputs");
    }
    worst.judge(backend() + " smoothed labels", OperationContract.LIMIT);
  }

  /** Every operation adds its input's gradient to one that is there already. */
  @ParameterizedTest
  @EnumSource(BatchNormMode.class)
  void accumulatedGradients(BatchNormMode mode) {
    var worst = new WorstErrors();
    List<Layer> operations =
        List.of(new Layer.Conv2d("op", 17, 3, 2, Padding.KERAS, true), Layer.Conv2d.pointwise("op", 17),
            new Layer.DepthwiseConv2d("op", 3, 2, Padding.KERAS), new Layer.BatchNorm("op", 1e-3, 0.9),
            new Layer.Relu6("op"),
            new Layer.Dropout("op", 0.4), new Layer.DepthwiseConv2d("op", 5, 1, Padding.SYMMETRIC));
    try (Pair pair = Pair.of(backend())) {
      for (Layer operation : operations) {
        var builder = Network.builder();
        builder.add(new Layer.Input("input", Shape.of(6, 7, 3)));
        builder.add(Layer.Conv2d.pointwise("before", 17));
        builder.add(operation);
        builder.add(new Layer.GlobalAveragePool("pool"));
        builder.add(new Layer.Dense("dense", 17));
        // Comes after, so its backward step comes first and the operation's must add.
        builder.add(new Layer.GlobalAveragePool("side"), "before");
        builder.add(new Layer.Add("sum"), "dense", "side");
        // A second reader of "pool" and of "side": dense and pooling add, too.
        builder.add(new Layer.Add("again"), "sum", "pool");
        builder.add(new Layer.Add("logits"), "again", "side");
        Network network = builder.build();
        var spec = spec(network, 0, mode, Optional.empty(), 17);
        compareOnce(worst, pair, network, spec, SmallNetworks.awayFromKinks(network, spec, 2), operation.toString());
      }
    }
    worst.judge(backend() + " accumulated, " + mode, OperationContract.LIMIT);
  }

  @Test
  void adamAndSgdFromGivenGradients() {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(1, 1, 5)));
    builder.add(new Layer.Conv2d("conv", 37, 1, 1, Padding.VALID, true));
    builder.add(new Layer.Conv2d("slow", 3, 1, 1, Padding.VALID, true));
    builder.add(new Layer.Conv2d("alike", 2, 1, 1, Padding.VALID, true));
    Network network = builder.build();
    var worst = new WorstErrors();
    for (Optimizer optimizer : List.of(Optimizer.Adam.keras(), Optimizer.Adam.keras().withWeightDecay(0.5),
        new Optimizer.Sgd(0.9), new Optimizer.Sgd(0))) {
      var spec = new TrainingSpec(Set.of("conv", "slow", "alike"), BatchNormMode.FROZEN, new Loss.BinaryCrossEntropy(),
          Optional.of(optimizer), Map.of("slow", 0.3, "alike", 0.3));
      var random = new RandomTensors(3);
      Weights weights = random.weights(network);
      Plan plan = Planner.update(network, spec);
      try (Pair pair = Pair.of(backend());
          ParameterBank testedBank = pair.tested().load(network, weights);
          ParameterBank referenceBank = pair.reference().load(network, weights);
          Executable tested = pair.tested().compile(plan, testedBank);
          Executable reference = pair.reference().compile(plan, referenceBank)) {
        Batch nothing = Batch.of(Tensor.of(Shape.of(1, 1, 1, 5), new float[5]));
        for (int t = 1; t <= 20; t++) {
          for (ParameterSpec parameter : network.parameters()) {
            Tensor gradient = random.normal(parameter.shape(), 0, Math.pow(10, -t % 6));
            testedBank.writeGradient(parameter.name(), gradient);
            referenceBank.writeGradient(parameter.name(), gradient);
          }
          // A learning rate that changes, as a schedule's does.
          RunState state = new RunState(0, 1, t, 1e-2 / t);
          tested.run(nothing, state);
          reference.run(nothing, state);
          for (ParameterSpec parameter : network.parameters()) {
            worst.add("parameters, " + optimizer, "step " + t, testedBank.read(parameter.name()),
                referenceBank.read(parameter.name()));
            for (int slot = 0; slot < optimizer.slots(); slot++) {
              worst.add("slot " + slot + ", " + optimizer, "step " + t, testedBank.readSlot(slot, parameter.name()),
                  referenceBank.readSlot(slot, parameter.name()));
            }
          }
        }
      }
    }
    worst.judge(backend() + " update", OperationContract.LIMIT);
  }

  private void compareTraining(String title, Network network, TrainingSpec spec, int n) {
    var worst = new WorstErrors();
    try (Pair pair = Pair.of(backend())) {
      compareOnce(worst, pair, network, spec, SmallNetworks.awayFromKinks(network, spec, n), "batch " + n);
    }
    worst.judge(backend() + " " + title, OperationContract.LIMIT);
  }

  static void compareOnce(WorstErrors worst, Pair pair, Network network, TrainingSpec spec,
      SmallNetworks.Case drawn, String where) {
    Set<String> taps = Set.of("logits");
    var actual = Pair.train(pair.tested(), network, spec, drawn.weights(), drawn.batch(), taps);
    var expected = Pair.train(pair.reference(), network, spec, drawn.weights(), drawn.batch(), taps);
    assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
    worst.add("loss", where, Math.abs(actual.loss() / expected.loss() - 1));
    double largest = expected.tensors().entrySet().stream().filter(e -> e.getKey().startsWith("d("))
        .mapToDouble(e -> WorstErrors.norm(e.getValue())).max().orElseThrow();
    expected.tensors().forEach((name, tensor) -> {
      Tensor result = actual.tensors().get(name);
      if (name.startsWith("d(") && WorstErrors.norm(tensor) < 1e-9 * largest) {
        // Zero in exact arithmetic, such as beta in front of another batch normalisation.
        worst.add("gradients that are zero", where + " " + name, WorstErrors.norm(result) / largest);
      } else {
        String kind = name.startsWith("d(") ? "gradients" : name.contains("moving") ? "moving statistics" : name;
        worst.add(kind, where + " " + name, result, tensor);
      }
    });
  }

  private static TrainingSpec spec(Network network, int firstLayer, BatchNormMode mode, Optional<Optimizer> optimizer,
      int classes) {
    Loss loss = classes == 3 ? SmallNetworks.loss(3) : new Loss.BinaryCrossEntropy();
    return new TrainingSpec(TrainingSpec.layersFrom(network, firstLayer), mode, loss, optimizer);
  }
}
