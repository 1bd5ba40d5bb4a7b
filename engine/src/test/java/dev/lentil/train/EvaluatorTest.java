package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvaluatorTest {
  private static final float LN_3 = (float) Math.log(3);

  /** A network whose logit is the one value of its image. */
  private static Network network() {
    Network.Builder network = Network.builder();
    network.add(new Layer.Input("input", Shape.of(1, 1, 1)));
    network.add(new Layer.GlobalAveragePool("pool"));
    network.add(new Layer.Dense("predictions", 1));
    network.add(new Layer.Sigmoid("sigmoid"));
    return network.build();
  }

  /** With the class weights that a training batch would have. */
  private static Batch batch(float[] logits, float[] labels) {
    int n = logits.length;
    float[] weights = new float[n];
    for (int i = 0; i < n; i++) {
      weights[i] = labels[i] == 0 ? 0.7f : 1.6f;
    }
    return new Batch(Tensor.of(Shape.of(n, 1, 1, 1), logits), Tensor.of(Shape.of(n, 1), labels),
        Tensor.of(Shape.of(n), weights));
  }

  /** Logits 0, ln 3 and -ln 3 of labels 1, 0 and 0: losses of ln 2, ln 4 and ln 4/3, probabilities of 1/2, 3/4 and 1/4. */
  @ParameterizedTest
  @MethodSource("dev.lentil.train.TinyRun#backends")
  void theLossOfAValidationIsTheMeanOverItsSamplesWhateverTheirWeights(String backend) {
    var weights = new Weights(Map.of("predictions/kernel", Tensor.of(Shape.of(1, 1), 1f), "predictions/bias",
        Tensor.of(Shape.of(1), 0f)));
    try (var device = Backends.named(backend).open(new DeviceOptions(1));
        var bank = device.load(network(), weights);
        var evaluator = new Evaluator(device, bank, new Loss.BinaryCrossEntropy())) {
      Scores scores = evaluator.evaluate(() -> Batches.of(List.of(batch(new float[] {0, LN_3}, new float[] {1, 0}),
          batch(new float[] {-LN_3}, new float[] {0}))));
      assertEquals((Math.log(2) + Math.log(4) + Math.log(4.0 / 3)) / 3, scores.meanLoss(), 1e-6);
      assertArrayEquals(new int[] {1, 0, 0}, scores.labels());
      assertArrayEquals(new double[] {0.5, 0.75, 0.25}, scores.probabilities(), 1e-6);
    }
  }
}
