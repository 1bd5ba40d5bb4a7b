package dev.lentil;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.check.GradientChecker;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.InvertedResidual;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.safetensors.SafetensorsWriter;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine in five minutes, from top to bottom. Read it, run it, change it:
 * {@code mvn -pl engine test -Dtest=TourTest}.
 */
class TourTest {

  /** 1. A network is data: layers, each reading the one before it unless told otherwise. It has no values. */
  private static Network tinyMobileNet() {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(16, 12, 3)));
    builder.add(new Layer.Conv2d("stem", 8, 3, 2, Padding.KERAS, false));
    builder.add(new Layer.BatchNorm("stem_BN", 1e-3, 0.9));
    String stem = builder.add(new Layer.Relu6("stem_relu"));
    // MobileNetV2's block: expand, depthwise, project, and the sum with its own input. It is a way to add nine layers.
    new InvertedResidual("block_", 4, 8, 1, Padding.KERAS, 1e-3, 0.9).addTo(builder, stem);
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dense("logits", 1));
    builder.add(new Layer.Sigmoid("probability"));
    return builder.build();
  }

  private final Network network = tinyMobileNet();

  @Test
  void shapesAndParametersAreKnownAtOnce() {
    // Shapes are those of one sample: height, width, channels. Stride 2 halved both axes.
    assertEquals(Shape.of(8, 6, 8), network.shape("stem"));
    assertEquals(Shape.of(8, 6, 32), network.shape("block_expand"));
    assertEquals(Shape.of(1), network.shape("probability"));
    // Parameters carry Keras's names and layouts; a depthwise kernel is [kh,kw,c,1].
    assertEquals(Shape.of(3, 3, 32, 1), network.parameter("block_depthwise/depthwise_kernel").shape());
  }

  /** 2. Bright images are class 1, dark ones class 0: something to learn. */
  private static Batch brightOrDark(int n, long seed) {
    Random random = new Random(seed);
    float[] images = new float[n * 16 * 12 * 3];
    float[] labels = new float[n];
    for (int i = 0; i < images.length; i++) {
      int sample = i / (16 * 12 * 3);
      labels[sample] = sample % 2;
      images[i] = (float) (random.nextGaussian() + (labels[sample] == 1 ? 0.5 : -0.5));
    }
    return Batch.of(Tensor.of(Shape.of(n, 16, 12, 3), images), Tensor.of(Shape.of(n, 1), labels));
  }

  @Test
  void inference() {
    // 3. From images to probabilities.
    Batch batch = brightOrDark(4, 1);
    // A backend opens a device; a device holds parameters and makes plans executable. "cpu" is the fast one.
    try (Device device = Backends.named("cpu").open(DeviceOptions.defaults());
        ParameterBank parameters = device.load(network, Initializer.weights(network, 42))) {
      // The planner knows what to fuse; a tap keeps an inner value readable.
      Plan plan = Planner.inference(network, 4, device.fusions(), Set.of("block_add"));
      assertTrue(plan.steps().size() < network.nodes().size() - 1,
          "convolution, normalisation and ReLU6 became one step");
      try (Executable executable = device.compile(plan, parameters)) {
        executable.run(batch, RunState.inference());
        Tensor probabilities = executable.read("probability");
        assertEquals(Shape.of(4, 1), probabilities.shape());
        assertEquals(Shape.of(4, 8, 6, 8), executable.read("block_add").shape());

        // "reference" does the same in float64 with textbook loops, one layer after the other.
        assertArrayEquals(onReference(batch), probabilities.doubles(), 1e-6);
      }
    }
  }

  private double[] onReference(Batch batch) {
    try (Device device = Backends.named("reference").open(DeviceOptions.defaults());
        ParameterBank parameters = device.load(network, Initializer.weights(network, 42));
        Executable executable = device.compile(Planner.inference(network, 4, device.fusions(), Set.of()), parameters)) {
      executable.run(batch, RunState.inference());
      return executable.read("probability").doubles();
    }
  }

  @Test
  void training() {
    // 4. What is trained (here: all), what batch normalisation does meanwhile, the loss, the optimiser.
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 0), BatchNormMode.TRAINING,
        new Loss.BinaryCrossEntropy(), Optional.of(Optimizer.Adam.keras()));
    try (Device device = Backends.named("cpu").open(DeviceOptions.defaults());
        ParameterBank parameters = device.load(network, Initializer.weights(network, 42));
        Executable step = device.compile(Planner.training(network, 16, spec, device.fusions(), Set.of()), parameters)) {
      double first = 0;
      for (int t = 1; t <= 30; t++) {
        // Everything that changes from step to step is in the state: seed, stage, step, learning rate.
        step.run(brightOrDark(16, t), new RunState(42, 1, t, 1e-2));
        first = t == 1 ? step.loss() : first;
      }
      assertTrue(step.loss() < first / 2, first + " should have more than halved, but ended at " + step.loss());
      // Parameters, gradients and the optimiser's memory stay on the device; reading copies them.
      assertEquals(Shape.of(8, 1), parameters.readGradient("logits/kernel").shape());
      assertEquals(Shape.of(8, 1), parameters.readSlot(0, "logits/kernel").shape());
    }
  }

  @Test
  void fineTuning() {
    // 5. Only the head is trained. Everything before it runs as folded inference and keeps its bits.
    int cut = network.index("pool");
    var spec =
        new TrainingSpec(TrainingSpec.layersFrom(network, cut), BatchNormMode.FROZEN, new Loss.BinaryCrossEntropy(),
            Optional.of(new Optimizer.Sgd(0.9)));
    assertEquals(2, spec.trainedParameters(network).size());
    Weights before = Initializer.weights(network, 42);
    try (Device device = Backends.named("cpu").open(DeviceOptions.defaults());
        ParameterBank parameters = device.load(network, before);
        Executable step = device.compile(Planner.training(network, 16, spec, device.fusions(), Set.of()), parameters)) {
      step.run(brightOrDark(16, 1), new RunState(42, 1, 1, 1e-2));
      assertArrayEquals(before.get("stem/kernel").floats(), parameters.read("stem/kernel").floats());
      assertNotEquals(before.get("logits/kernel"), parameters.read("logits/kernel"));
    }
  }

  @Test
  void gradientsAreRight() {
    // 6. Never believe a gradient: compare it with differences of the loss, in float64.
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 0), BatchNormMode.TRAINING,
        new Loss.BinaryCrossEntropy(), Optional.empty());
    var report = GradientChecker.reference().check(network, spec, Initializer.weights(network, 42), brightOrDark(2, 3));
    System.out.println(report);
    assertTrue(report.passed(), report::toString);
  }

  @Test
  void weightsGoToAFileAndBack(@TempDir Path folder) {
    // 7. A file holds the parameters, under their names. The network is code, so it is not in the file.
    Path file = folder.resolve("tiny.safetensors");
    Weights weights = Initializer.weights(network, 42);
    SafetensorsWriter.write(file, weights.tensors(), Map.of("made_by", "the tour"));
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      // matching() sees to it that every parameter is there with its shape, and names what is not.
      Weights read = new Weights(opened.tensors("")).matching(network);
      assertEquals(weights.tensors(), read.tensors());
      assertEquals("the tour", opened.metadata().get("made_by"));
    }
  }

  @Test
  void everyValueCanBeLookedAt() {
    // 8. A tap is a layer's output, or its gradient: here of the loss by what the block adds to its input.
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 0), BatchNormMode.TRAINING,
        new Loss.BinaryCrossEntropy(), Optional.empty());
    String output = "block_project_BN";
    String gradient = Planner.gradientOf(output);
    try (Device device = Backends.named("cpu").open(DeviceOptions.defaults());
        ParameterBank parameters = device.load(network, Initializer.weights(network, 42));
        Executable step = device.compile(
            Planner.training(network, 4, spec, device.fusions(), Set.of(output, gradient)), parameters)) {
      step.run(brightOrDark(4, 1), new RunState(42, 1, 1, 0));
      assertEquals(Shape.of(4, 8, 6, 8), step.read(output).shape());
      assertEquals(step.read(output).shape(), step.read(gradient).shape());
      // What a pool averages has the same gradient everywhere: a 48th of the pool's, since there are 8 x 6 places.
      float[] values = step.read(gradient).floats();
      assertEquals(values[0], values[8], "channel 0 at the first two places");
    }
  }
}
