package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterAverage;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.random.DropoutMask;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnCard.class)
class CudaExecutableTest {
  private static final double LIMIT = 1e-5;
  /** A sum of 589,568 terms in float32, one after the other, as cuBLAS may: the root of that many roundings is 4.6e-5. */
  private static final double LONG_SUM_LIMIT = 1e-4;

  private static Device open() {
    return new CudaBackend().open(new DeviceOptions(1));
  }

  private static Device reference() {
    return Backends.named("reference").open(new DeviceOptions(1));
  }

  /** 84 MiB of columns, which are made in two parts: forward, gradient of the kernel, gradient of the input. */
  @Test
  void columnsInParts() {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(112, 112, 3)));
    builder.add(new Layer.DepthwiseConv2d("before", 1, 1, Padding.VALID));
    builder.add(new Layer.Conv2d("conv", 2, 3, 1, Padding.KERAS, true));
    builder.add(new Layer.GlobalAveragePool("pool"));
    Network network = builder.build();
    var random = new RandomTensors(3);
    Weights weights = random.weights(network);
    Loss loss = new Loss.BinaryCrossEntropy();
    Batch batch = random.batch(network, 63, loss);
    var spec =
        new TrainingSpec(TrainingSpec.layersFrom(network, 0), BatchNormMode.FROZEN, loss, Optional.empty());
    try (Device reference = reference();
        Device device = open();
        ParameterBank expected = reference.load(network, weights);
        ParameterBank actual = device.load(network, weights)) {
      for (var each : Map.of(reference, expected, device, actual).entrySet()) {
        try (Executable step = each.getKey().compile(
            Planner.training(network, 63, spec, each.getKey().fusions(), Set.of()), each.getValue())) {
          step.run(batch, new RunState(1, 1, 1, 0));
        }
      }
      // the others' sums are Lentil's own, in two stages
      Map.of("conv/kernel", LONG_SUM_LIMIT, "conv/bias", LIMIT, "before/depthwise_kernel", LIMIT)
          .forEach((name, limit) -> {
            double error = SmallTraining.relativeError(actual.readGradient(name), expected.readGradient(name));
            System.out.printf("cuda columns in parts, d(%s) %.1e%n", name, error);
            assertTrue(error < limit, name + ": " + error);
          });
    }
  }

  /** 2.4 billion of them, none of which is made. */
  @Test
  void moreColumnsOfAnImageThanKernelsCount() {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(1024, 1024, 10)));
    builder.add(new Layer.Conv2d("conv", 1, 15, 1, Padding.KERAS, false));
    builder.add(new Layer.GlobalAveragePool("pool"));
    Network network = builder.build();
    try (Device device = open(); ParameterBank bank = device.load(network, new RandomTensors(1).weights(network))) {
      Plan plan = Planner.inference(network, 1, device.fusions(), Set.of());
      String problem = assertThrows(BackendException.class, () -> device.compile(plan, bank)).getMessage();
      assertTrue(problem.contains("'conv/kernel'") && problem.contains("use smaller images"), problem);
    }
  }

  /** A larger plan moves the shared memory; the smaller one must notice, graph and all. */
  @Test
  void aPlanSurvivesThatTheSharedMemoryMoves() {
    var training = SmallTraining.of(9, 8, 2, 1, 0);
    Network network = training.network();
    try (Device device = open(); ParameterBank bank = device.load(network, training.weights())) {
      var images = Batch.of(training.batch().images());
      try (Executable small = device.compile(Planner.inference(network, 2, device.fusions(), Set.of()), bank)) {
        small.run(images, RunState.inference());
        small.run(images, RunState.inference());
        float[] before = small.read("head").floats();
        var more = new RandomTensors(1).normal(network.shape("input").batched(37), 0, 1);
        try (Executable large = device.compile(Planner.inference(network, 37, device.fusions(), Set.of()), bank)) {
          large.run(Batch.of(more), RunState.inference());
        }
        for (int run = 0; run < 3; run++) {
          small.run(images, RunState.inference());
          assertArrayEquals(before, small.read("head").floats());
        }
      }
    }
  }

  /** What a run left is given back where a plan that is compiled after it needs more memory; its loss and an average stay. */
  @Test
  void whatMovedAwayIsNotRead() {
    var training = SmallTraining.of(9, 8, 2, 1, 0);
    Network network = training.network();
    var spec = training.spec(Optional.empty());
    try (Device device = open();
        ParameterBank bank = device.load(network, training.weights());
        ParameterAverage average = bank.average(training.weights());
        Executable step = device.compile(Planner.training(network, 2, spec, device.fusions(), Set.of()), bank)) {
      assertSays(assertThrows(IllegalStateException.class, () -> step.read("logits")), "has not run");
      step.run(training.batch(), new RunState(1, 1, 1, 0));
      average.add(0.5);
      double loss = step.loss();
      float[] logits = step.read("logits").floats();
      Weights mean = average.weights();
      device.compile(Planner.training(network, 2, spec, device.fusions(), Set.of()), bank).close();
      assertArrayEquals(logits, step.read("logits").floats(), "nothing has moved");
      device.compile(Planner.training(network, 37, spec, device.fusions(), Set.of()), bank).close();
      assertSays(assertThrows(IllegalStateException.class, () -> step.read("logits")), "'logits'", "is gone",
          "run again");
      assertSays(assertThrows(IllegalStateException.class, () -> step.readLater("logits")), "is gone");
      assertEquals(loss, step.loss());
      mean.tensors().forEach((name, tensor) -> assertArrayEquals(tensor.floats(),
          average.weights().tensors().get(name).floats(), name));
      // dropout is off, so what comes again is the same
      step.run(training.batch(), new RunState(1, 1, 2, 0));
      assertArrayEquals(logits, step.read("logits").floats());
    }
  }

  private static void assertSays(IllegalStateException problem, String... parts) {
    for (String part : parts) {
      assertTrue(problem.getMessage().contains(part), part + " is not in: " + problem.getMessage());
    }
  }

  /** Bit for bit the masks of the processor, with a seed and a stage that use all their bits. */
  @Test
  void dropoutDrawsTheMasksOfEveryBackend() {
    int features = 1003;
    int n = 3;
    double rate = 0.37;
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(1, 1, features)));
    builder.add(new Layer.DepthwiseConv2d("before", 1, 1, Padding.VALID));
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dropout("dropout", rate));
    builder.add(new Layer.Dense("dense", 1));
    Network network = builder.build();
    var random = new RandomTensors(4);
    Loss loss = new Loss.BinaryCrossEntropy();
    Batch batch = random.batch(network, n, loss);
    var spec = new TrainingSpec(Set.of("dense"), BatchNormMode.FROZEN, loss, Optional.empty());
    var state = new RunState(0xFEDCBA9876543210L, 200, 123456789, 0);
    float[] factors = new float[n * features];
    DropoutMask.fill(state.seed(), state.stage(), state.step(), network.index("dropout"), rate, 0, factors,
        factors.length);
    try (Device device = open();
        ParameterBank bank = device.load(network, random.weights(network));
        Executable step = device.compile(
            Planner.training(network, n, spec, device.fusions(), Set.of("pool", "dropout")), bank)) {
      step.run(batch, state);
      float[] x = step.read("pool").floats();
      float[] y = step.read("dropout").floats();
      for (int i = 0; i < y.length; i++) {
        assertEquals(factors[i] == 0 ? 0 : x[i] * factors[i], y[i], "element " + i);
      }
    }
  }

  @Test
  void kerassClippedLoss() {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(1, 1, 5)));
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dense("dense", 1));
    Network network = builder.build();
    Loss loss = new Loss.ClippedBinaryCrossEntropy();
    var spec = new TrainingSpec(Set.of("dense"), BatchNormMode.FROZEN, loss, Optional.empty());
    // Logits from far below to far above what is clipped.
    float[] images = new float[5 * 9];
    for (int i = 0; i < 9; i++) {
      images[5 * i] = (i - 4) * 6;
    }
    var batch = new Batch(Tensor.of(Shape.of(9, 1, 1, 5), images),
        Tensor.of(Shape.of(9, 1), new float[] {0, 1, 0, 1, 0, 1, 0, 1, 0}),
        new RandomTensors(2).uniform(Shape.of(9), 0.5, 2));
    var weights = new Weights(Map.of("dense/kernel", Tensor.of(Shape.of(5, 1), 1f, 0f, 0f, 0f, 0f), "dense/bias",
        Tensor.of(Shape.of(1), 0.25f)));
    String gradient = Planner.gradientOf("dense");
    double[] losses = new double[2];
    Tensor[] gradients = new Tensor[2];
    Device[] devices = {reference(), open()};
    for (int i = 0; i < 2; i++) {
      try (Device device = devices[i];
          ParameterBank bank = device.load(network, weights);
          Executable step = device.compile(
              Planner.training(network, 9, spec, device.fusions(), Set.of(gradient)), bank)) {
        step.run(batch, new RunState(1, 1, 1, 0));
        losses[i] = step.loss();
        gradients[i] = step.read(gradient);
      }
    }
    assertEquals(losses[0], losses[1], 1e-12 * losses[0]);
    assertTrue(SmallTraining.relativeError(gradients[1], gradients[0]) < 1e-7);
    assertEquals(0, gradients[1].get(8), "clipped, so no gradient");
  }

  @Test
  void whatIsOpenIsCounted() {
    var training = SmallTraining.of(9, 8, 2, 1, 0);
    CudaDevice device = CudaDevice.open(new DeviceOptions(1));
    try (device) {
      Map<String, Integer> before = device.live();
      try (ParameterBank bank = device.load(training.network(), training.weights())) {
        assertEquals(before.get("device memory") + 1, device.live().get("device memory"));
        bank.resetSlots();
      }
      assertEquals(before, device.live());
    }
    assertEquals(Map.of(), device.live());
  }

  /** A card's context is bound to threads, so a call that relied on one before it would fail. */
  @Test
  void eachCallMayComeFromAThreadOfItsOwn() throws Exception {
    List<double[]> expected = train(Executors.newSingleThreadExecutor());
    List<double[]> actual = train(Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory()));
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i), "result " + i);
    }
  }

  /** What the calls of a device, its parameters and a plan give, each made by the executor. */
  private static List<double[]> train(ExecutorService threads) throws Exception {
    var training = SmallTraining.of(9, 8, 2, 1, 0);
    Network network = training.network();
    var spec = training.spec(Optional.of(Optimizer.Adam.keras()));
    String kernel = "logits/kernel";
    var results = new ArrayList<double[]>();
    try (threads) {
      Device device = threads.submit(CudaExecutableTest::open).get();
      ParameterBank bank = threads.submit(() -> device.load(network, training.weights())).get();
      ParameterAverage average = threads.submit(() -> bank.average(training.weights())).get();
      Executable step = threads.submit(
          () -> device.compile(Planner.training(network, 2, spec, device.fusions(), Set.of()), bank)).get();
      for (int t = 1; t <= 3; t++) {
        var state = new RunState(7, 1, t, 1e-2);
        threads.submit(() -> step.run(training.batch(), state)).get();
        threads.submit(() -> average.add(0.5)).get();
        Supplier<Tensor> logits = threads.submit(() -> step.readLater("logits")).get();
        DoubleSupplier loss = threads.submit(step::lossLater).get();
        results.add(threads.submit(() -> logits.get().doubles()).get());
        results.add(new double[] {threads.submit(loss::getAsDouble).get()});
      }
      threads.submit(() -> step.runTimed(training.batch(), new RunState(7, 1, 4, 1e-2))).get();
      Tensor gradient = threads.submit(() -> bank.readGradient(kernel)).get();
      threads.submit(() -> bank.writeSlot(1, kernel, gradient)).get();
      threads.submit(() -> bank.writeGradient(kernel, gradient)).get();
      threads.submit(() -> bank.write(kernel, gradient)).get();
      results.add(threads.submit(() -> bank.readSlot(1, kernel).doubles()).get());
      threads.submit(bank::resetSlots).get();
      results.add(threads.submit(() -> bank.readSlot(1, kernel).doubles()).get());
      results.add(threads.submit(() -> bank.snapshot().get("stem/kernel").doubles()).get());
      results.add(threads.submit(() -> average.weights().get(kernel).doubles()).get());
      for (AutoCloseable each : new AutoCloseable[] {step, average, bank, device}) {
        threads.submit(() -> {
          each.close();
          return each;
        }).get();
      }
    }
    return results;
  }

  @Test
  void parametersOfAnotherCardAreRefused() {
    var training = SmallTraining.of(9, 8, 2, 1, 0);
    Plan plan = Planner.inference(training.network(), 2, Set.of(), Set.of());
    try (Device one = open();
        Device other = open();
        ParameterBank bank = one.load(training.network(), training.weights())) {
      assertThrows(IllegalArgumentException.class, () -> other.compile(plan, bank));
    }
  }
}
