package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.RunState;
import dev.lentil.json.Json;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.SharedData;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ten training steps of Keras 3.15.1 on 64 real images, in five settings, step by step.
 *
 * <p>The file's {@code running_mean_losses} are the losses of the single batches: Keras's {@code train_on_batch} forgets the
 * ones before. Its {@code batch_losses} were worked out of them as if they were means, and are meaningless.
 *
 * <p>All losses hold to 2e-3, and so do the predictions after the ten steps where the head or block_16 is trained. Where
 * everything is trained no program can promise that against this file: Adam's first steps have the size of the learning
 * rate whatever the gradient's, so that rounding decides the sign of many of them. Keras against itself, with nothing
 * changed but the order of float32 sums (oneDNN off), differs by 9.0e-3 ({@code full_frozen_bn}) and 3.7e-3
 * ({@code full_train_bn}); those two are held to that spread, rounded up to 1e-2 and 5e-3, and their mean error to 2e-3.
 */
class KerasTraceTest {
  private static final int SIDE = 96;
  private static final int BATCH = 32;
  private static final int STEPS = 10;
  private static final double LOSS_TOLERANCE = 2e-3;
  private static final double MEAN_TOLERANCE = 2e-3;
  private static final double[] CLASS_WEIGHTS = {0.6193860, 2.5940485};
  private static final Network NETWORK = MobileNetV2.keras(0.35, SIDE, SIDE, new Head.Transfer(1, 0)).network();

  /** Inputs of the trace. */
  private record Inputs(Weights weights, List<Batch> batches) {
    static Inputs read() {
      Weights base;
      try (var file =
          SafetensorsFile.open(SharedData.require("weights/mobilenet_v2_0.35_imagenet_no_top.safetensors"))) {
        base = new Weights(file.tensors(""));
      }
      try (var file = SafetensorsFile.open(SharedData.require("reference/keras_trace_035_96_inputs.safetensors"))) {
        byte[] pixels = file.bytes("images_u8_nhwc");
        float[] labels = file.tensor("labels").floats();
        var head = new Weights(Map.of("predictions/kernel", file.tensor("head_kernel"), "predictions/bias",
            Tensor.of(Shape.of(1), new float[1])));
        return new Inputs(base.with(head).matching(NETWORK),
            List.of(batch(pixels, labels, 0), batch(pixels, labels, 1)));
      }
    }

    private static Batch batch(byte[] pixels, float[] labels, int number) {
      int size = SIDE * SIDE * 3;
      float[] images = new float[BATCH * size];
      float[] weights = new float[BATCH];
      for (int i = 0; i < images.length; i++) {
        images[i] = InputScaling.MINUS_ONE_TO_ONE.apply(pixels[number * BATCH * size + i] & 0xFF, i % 3);
      }
      for (int i = 0; i < BATCH; i++) {
        weights[i] = (float) CLASS_WEIGHTS[(int) labels[number * BATCH + i]];
      }
      return new Batch(Tensor.of(Shape.of(BATCH, SIDE, SIDE, 3), images),
          Tensor.of(Shape.of(BATCH, 1), Arrays.copyOfRange(labels, number * BATCH, (number + 1) * BATCH)),
          Tensor.of(Shape.of(BATCH), weights));
    }
  }

  /** What ten steps gave. */
  private record Trace(double[] losses, double[] predictions, double movingMeanSum) {}

  private static Trace train(int cut, BatchNormMode mode, Loss loss) {
    var inputs = Inputs.read();
    var trainable = new Cut(cut, "as recorded").trainable(NETWORK);
    var spec = new TrainingSpec(trainable, mode, loss, Optional.of(Optimizer.Adam.keras()));
    double[] losses = new double[STEPS];
    double[] predictions = new double[2 * BATCH];
    try (var device = Backends.named("cpu").open(DeviceOptions.defaults());
        var bank = device.load(NETWORK, inputs.weights);
        var training = device.compile(Planner.training(NETWORK, BATCH, spec, device.fusions(), Set.of()), bank);
        var inference = device.compile(Planner.inference(NETWORK, BATCH, device.fusions(), Set.of()), bank)) {
      for (int step = 1; step <= STEPS; step++) {
        training.run(inputs.batches.get((step - 1) % 2), new RunState(42, 1, step, 1e-4));
        losses[step - 1] = training.loss();
      }
      for (int b = 0; b < 2; b++) {
        inference.run(inputs.batches.get(b), RunState.inference());
        double[] p = inference.read(NETWORK.outputNode().name()).doubles();
        System.arraycopy(p, 0, predictions, b * BATCH, BATCH);
      }
      return new Trace(losses, predictions, Arrays.stream(bank.read("Conv_1_bn/moving_mean").doubles()).sum());
    }
  }

  private static Map<?, ?> recorded(String setting) throws Exception {
    var document = Json.parse(Files.readAllBytes(SharedData.require("reference/keras_trace_035_96.json")));
    return document instanceof Map<?, ?> all && all.get(setting) instanceof Map<?, ?> one ? one : Map.of();
  }

  private static double[] numbers(Object list) {
    return list instanceof List<?> values
        ? values.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray()
        : new double[0];
  }

  private static double worst(double[] a, double[] b) {
    assertEquals(a.length, b.length);
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
    }
    return worst;
  }

  private static double mean(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  @ParameterizedTest
  @CsvSource({
      "head_only, FROZEN, 1281, 2e-3",
      "block_16_frozen_bn, FROZEN, 204113, 2e-3",
      "block_16_train_bn, TRAINING, 208241, 2e-3",
      "full_frozen_bn, FROZEN, 383329, 1e-2",
      "full_train_bn, TRAINING, 397409, 5e-3"})
  void tenStepsAreKeras(String setting, BatchNormMode mode, long parameters, double tolerance) throws Exception {
    Map<?, ?> keras = recorded(setting);
    int cut = ((Number) keras.get("cut_index")).intValue();
    assertEquals(parameters, new Cut(cut, "as recorded").trainedCount(NETWORK, mode));
    Trace ours = train(cut, mode, new Loss.ClippedBinaryCrossEntropy());
    double losses = worst(ours.losses, numbers(keras.get("running_mean_losses")));
    double[] expected = numbers(keras.get("predictions_after"));
    double predictions = worst(ours.predictions, expected);
    double mean = mean(ours.predictions, expected);
    double moving = Math.abs(ours.movingMeanSum - ((Number) keras.get("moving_mean_Conv_1_bn_sum")).doubleValue());
    System.out.printf("keras trace %s: worst loss error %.1e, predictions worst %.1e mean %.1e, moving mean sum %.1e%n",
        setting,
        losses, predictions, mean, moving);
    assertTrue(losses < LOSS_TOLERANCE, "losses differ by " + losses);
    assertTrue(predictions < tolerance, "predictions differ by " + predictions);
    assertTrue(mean < MEAN_TOLERANCE, "predictions differ by " + mean + " on average");
    // it moves by 2e-6 to 5e-6 in ten steps
    assertTrue(moving < 1e-6, "the sum of the moving means differs by " + moving);
  }

  @Test
  void theLossFromLogitsIsTheSame() {
    var clipped = train(154, BatchNormMode.FROZEN, new Loss.ClippedBinaryCrossEntropy());
    var logits = train(154, BatchNormMode.FROZEN, new Loss.BinaryCrossEntropy());
    assertTrue(worst(clipped.losses, logits.losses) < 1e-5, "losses differ");
  }
}
