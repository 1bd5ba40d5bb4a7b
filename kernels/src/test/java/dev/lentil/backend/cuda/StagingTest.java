package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.Precision;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.testing.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches that cross the bus while the runs before them are not done. */
@ExtendWith(OnCard.class)
class StagingTest {
  private static final int STEPS = 7;
  static final TrainingSpec SPEC = new TrainingSpec(Set.of("logits"), BatchNormMode.TRAINING,
      new Loss.CategoricalCrossEntropy(), Optional.of(new Optimizer.Sgd(0.9)));

  @AfterEach
  void atOnce() {
    EmulatedCard.workLate(false);
  }

  /**
   * From 1 MiB on a batch is sent ahead of the stream. 26 and 65 samples are 1.2 and 3 MiB; of 13, the steps go in order and the
   * inference among them, of twice as many, ahead; of 3 everything goes in order.
   */
  @ParameterizedTest
  @CsvSource({"FLOAT32, 26", "BFLOAT16, 26", "FLOAT32, 65", "BFLOAT16, 65", "FLOAT32, 13", "FLOAT32, 3"})
  void runsThatNobodyWaitsForGiveTheSameBits(Precision precision, int batch) {
    float[] waited = train(precision, batch, true, false);
    assertArrayEquals(waited, train(precision, batch, false, false));
    assertArrayEquals(waited, train(precision, batch, false, true));
    assertArrayEquals(waited, train(precision, batch, true, true));
  }

  static Network network() {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(64, 64, 3)));
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dense("logits", 2));
    return builder.build();
  }

  /** The trained weights after steps that each have a batch of their own, and inference of another size between them. */
  private static float[] train(Precision precision, int n, boolean wait, boolean late) {
    EmulatedCard.workLate(late);
    Network network = network();
    var random = new RandomTensors(n);
    Weights weights = random.weights(network);
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      batches.add(random.batch(network, n, SPEC.loss()));
    }
    Batch other = random.batch(network, 2 * n, SPEC.loss());
    try (Device device = new CudaBackend().open(new DeviceOptions(1).withPrecision(precision));
        ParameterBank bank = device.load(network, weights);
        Executable step = device.compile(Planner.training(network, n, SPEC, device.fusions(), Set.of()), bank);
        Executable inference =
            device.compile(Planner.inference(network, 2 * n, device.fusions(), Set.of()), bank)) {
      for (int t = 0; t < STEPS; t++) {
        step.run(batches.get(t), new RunState(1, 1, t + 1, 0.5));
        if (wait) {
          step.loss();
        }
        if (t == 3) {
          inference.run(other, RunState.inference());
        }
      }
      return bank.read("logits/kernel").floats();
    }
  }
}
