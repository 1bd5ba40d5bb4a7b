package dev.lentil.backend.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterAverage;
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
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backend keeps between runs, what it must not touch, and that it gives the same bits every time. */
public abstract class StateContract {
  private static final int STEPS = 4;
  private static final int NONE = 0;

  private final Network network = SmallNetworks.twoBlocks(3, 0.3);
  private final RandomTensors random = new RandomTensors(5);
  private final Weights weights = random.weights(network);
  private final Batch batch = random.batch(network, 5, SmallNetworks.loss(3));
  private final Batch smaller = random.batch(network, 2, SmallNetworks.loss(3));

  /** The backend under test. */
  protected abstract String backend();

  private TrainingSpec spec(int firstLayer, BatchNormMode mode, Optimizer optimizer) {
    return new TrainingSpec(TrainingSpec.layersFrom(network, firstLayer), mode, SmallNetworks.loss(3),
        Optional.of(optimizer));
  }

  private Device open(int threads) {
    return Backends.named(backend()).open(new DeviceOptions(threads));
  }

  private Executable compile(Device device, ParameterBank bank, TrainingSpec spec, int n) {
    return device.compile(Planner.training(bank.network(), n, spec, device.fusions(), Set.of()), bank);
  }

  private static RunState state(int t) {
    return new RunState(9, 1, t, 1e-2);
  }

  @ParameterizedTest
  @EnumSource(BatchNormMode.class)
  void sameBitsForAnyNumberOfThreadsAndEveryTime(BatchNormMode mode) {
    double[] once = history(1, mode, NONE);
    for (int threads : new int[] {1, 2, 3}) {
      assertArrayEquals(once, history(threads, mode, NONE), threads + " threads");
    }
    assertTrue(Arrays.stream(once).allMatch(Double::isFinite));
  }

  /** What is timed is a run like any other, as the first, between others and as the last. */
  @ParameterizedTest
  @EnumSource(BatchNormMode.class)
  void timedRunsAreRuns(BatchNormMode mode) {
    double[] untimed = history(1, mode, NONE);
    for (int timed = 1; timed <= STEPS; timed++) {
      assertArrayEquals(untimed, history(2, mode, timed), "step " + timed + " timed");
    }
  }

  private static void runTimed(Executable executable, Batch batch, RunState state) {
    executable.runTimed(batch, state).ifPresentOrElse(times -> {
      assertEquals(1 + executable.plan().steps().size(), times.length);
      assertTrue(Arrays.stream(times).allMatch(time -> time >= 0), Arrays.toString(times));
      assertTrue(Arrays.stream(times).sum() > 0, Arrays.toString(times));
    }, () -> executable.run(batch, state));
  }

  /** Losses, probabilities and all parameters after a few steps, one of which may be timed. */
  private double[] history(int threads, BatchNormMode mode, int timed) {
    TrainingSpec spec = spec(network.index("block_1_expand"), mode, Optimizer.Adam.keras());
    double[] losses = new double[STEPS];
    try (Device device = open(threads);
        ParameterBank bank = device.load(network, weights);
        Executable step = compile(device, bank, spec, 5);
        Executable infer = device.compile(Planner.inference(network, 5, device.fusions(), Set.of()), bank)) {
      for (int t = 1; t <= STEPS; t++) {
        if (t == timed) {
          runTimed(step, batch, state(t));
        } else {
          step.run(batch, state(t));
        }
        losses[t - 1] = step.loss();
      }
      if (timed == NONE) {
        infer.run(Batch.of(batch.images()), RunState.inference());
      } else {
        runTimed(infer, Batch.of(batch.images()), RunState.inference());
      }
      double[] probabilities = infer.read("head").doubles();
      var all = Arrays.stream(losses);
      all = DoubleStream.concat(all, Arrays.stream(probabilities));
      for (ParameterSpec parameter : network.parameters()) {
        all = DoubleStream.concat(all, Arrays.stream(bank.read(parameter.name()).doubles()));
      }
      return all.toArray();
    }
  }

  @ParameterizedTest
  @EnumSource(BatchNormMode.class)
  void frozenLayersKeepTheirBits(BatchNormMode mode) {
    int cut = network.index("block_2_expand");
    TrainingSpec spec = spec(cut, mode, Optimizer.Adam.keras());
    try (Device device = open(2);
        ParameterBank bank = device.load(network, weights);
        Executable step = compile(device, bank, spec, 5)) {
      for (int t = 1; t <= STEPS; t++) {
        step.run(batch, state(t));
      }
      Set<String> trained =
          spec.trainedParameters(network).stream().map(ParameterSpec::name).collect(Collectors.toSet());
      for (ParameterSpec parameter : network.parameters()) {
        boolean moved = !parameter.role().learned() && mode == BatchNormMode.TRAINING
            && network.index(parameter.layer()) >= cut;
        boolean same = Arrays.equals(weights.get(parameter.name()).floats(), bank.read(parameter.name()).floats());
        assertEquals(!trained.contains(parameter.name()) && !moved, same, parameter.name());
      }
    }
  }

  @Test
  void aSmallerLastBatchUsesTheSameParameters() {
    TrainingSpec spec = spec(0, BatchNormMode.TRAINING, new Optimizer.Sgd(0.9));
    var worst = new WorstErrors();
    try (Pair pair = Pair.of(backend())) {
      Weights tested = alternating(pair.tested(), spec);
      alternating(pair.reference(), spec).tensors().forEach((name, tensor) -> worst.add("parameters", name,
          tested.get(name), tensor));
    }
    worst.judge(backend() + " two batch sizes", OperationContract.LIMIT);
  }

  private Weights alternating(Device device, TrainingSpec spec) {
    try (ParameterBank bank = device.load(network, weights);
        Executable five = compile(device, bank, spec, 5);
        Executable two = compile(device, bank, spec, 2)) {
      five.run(batch, state(1));
      two.run(smaller, state(2));
      five.run(batch, state(3));
      return bank.snapshot();
    }
  }

  @Test
  void anotherExecutableSeesEveryChange() {
    TrainingSpec spec = spec(0, BatchNormMode.TRAINING, new Optimizer.Sgd(0));
    Tensor images = smaller.images();
    var worst = new WorstErrors();
    try (Device device = open(2);
        ParameterBank bank = device.load(network, weights);
        Executable infer = device.compile(Planner.inference(network, 2, device.fusions(), Set.of()), bank);
        Executable step = compile(device, bank, spec, 5)) {
      infer.run(Batch.of(images), RunState.inference());
      Tensor before = infer.read("head");
      long version = bank.version();
      step.run(batch, state(1));
      assertTrue(bank.version() > version, "the version must rise");
      infer.run(Batch.of(images), RunState.inference());
      assertFalse(Arrays.equals(before.doubles(), infer.read("head").doubles()), "training changed nothing");
      worst.add("after a training step", "", infer.read("head"), reference(bank.snapshot(), images));
      Tensor kernel = bank.read("block_1_depthwise/depthwise_kernel");
      bank.write("block_1_depthwise/depthwise_kernel", random.normal(kernel.shape(), 0, 0.5));
      infer.run(Batch.of(images), RunState.inference());
      worst.add("after a kernel was written", "", infer.read("head"), reference(bank.snapshot(), images));
      bank.write("stem_BN/moving_variance", random.uniform(bank.read("stem_BN/moving_variance").shape(), 0.5, 2));
      infer.run(Batch.of(images), RunState.inference());
      worst.add("after a statistic was written", "", infer.read("head"), reference(bank.snapshot(), images));
    }
    worst.judge(backend() + " second executable", OperationContract.LIMIT);
  }

  /** Each in a thread of its own, on images of its own; and again after a kernel was written for all. */
  @Test
  void companionsRunAtOnceOnTheSameParameters() throws Exception {
    int count = 4;
    try (Device device = open(2); ParameterBank bank = device.load(network, weights)) {
      var devices = new ArrayList<>(List.of(device));
      while (devices.size() < count && device.companion().map(devices::add).isPresent()) {}
      assumeTrue(devices.size() == count, "runs one thing at a time");
      List<Batch> images = IntStream.range(0, count)
          .mapToObj(_ -> Batch.of(random.batch(network, 3, SmallNetworks.loss(3)).images())).toList();
      List<Executable> executables = devices.stream()
          .map(each -> each.compile(Planner.inference(network, 3, each.fusions(), Set.of()), bank)).toList();
      var before = new ArrayList<double[]>();
      try (var threads = Executors.newFixedThreadPool(count)) {
        for (boolean written : new boolean[] {false, true}) {
          if (written) {
            Tensor kernel = bank.read("block_1_expand/kernel");
            bank.write("block_1_expand/kernel", random.normal(kernel.shape(), 0, 0.5));
          }
          var begin = new CyclicBarrier(count);
          List<Callable<List<double[]>>> runs = IntStream.range(0, count)
              .<Callable<List<double[]>>>mapToObj(i -> () -> {
                begin.await();
                var read = new ArrayList<double[]>();
                for (int run = 0; run < 50; run++) {
                  executables.get(i).run(images.get((i + run) % count), RunState.inference());
                  read.add(executables.get(i).read("head").doubles());
                }
                return read;
              }).toList();
          List<Future<List<double[]>>> answers = threads.invokeAll(runs);
          List<double[]> alone = alone(bank.snapshot(), images);
          for (int i = 0; i < count; i++) {
            for (int run = 0; run < 50; run++) {
              assertArrayEquals(alone.get((i + run) % count), answers.get(i).get().get(run), "run " + run + " of " + i);
            }
          }
          if (written) {
            assertFalse(Arrays.equals(before.getFirst(), alone.getFirst()), "the kernel changed nothing");
          }
          before.addAll(alone);
        }
      }
      devices.subList(1, count).forEach(Device::close);
    }
  }

  /** What a device of its own makes of each batch. */
  private List<double[]> alone(Weights now, List<Batch> images) {
    try (Device device = open(1);
        ParameterBank bank = device.load(network, now);
        Executable infer = device.compile(Planner.inference(network, 3, device.fusions(), Set.of()), bank)) {
      return images.stream().map(batch -> {
        infer.run(batch, RunState.inference());
        return infer.read("head").doubles();
      }).toList();
    }
  }

  private Tensor reference(Weights now, Tensor images) {
    try (Pair pair = Pair.of(backend())) {
      return Pair.infer(pair.reference(), network, now, images, "head");
    }
  }

  /** Loss, logits and a tap of more than a megabyte, from runs that others follow; read in the opposite order, and twice. */
  @Test
  void whatIsReadLaterIsOfItsRun() {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(64, 64, 3)));
    builder.add(new Layer.Conv2d("wide", 32, 1, 1, Padding.VALID, true));
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dense("logits", 1));
    Network wide = builder.build();
    Batch images = random.batch(wide, 3, new Loss.BinaryCrossEntropy());
    var spec = new TrainingSpec(TrainingSpec.layersFrom(wide, 0), BatchNormMode.TRAINING,
        new Loss.BinaryCrossEntropy(), Optional.of(new Optimizer.Sgd(0)));
    String[] taps = {Planner.logits(wide), "wide"};
    Weights start = random.weights(wide);
    var expected = new ArrayList<List<double[]>>();
    var later = new ArrayList<List<Supplier<double[]>>>();
    try (Device device = open(2)) {
      for (boolean wait : new boolean[] {true, false}) {
        try (ParameterBank bank = device.load(wide, start);
            Executable step =
                device.compile(Planner.training(wide, 3, spec, device.fusions(), Set.of(taps)), bank)) {
          for (int t = 1; t <= 2 * STEPS; t++) {
            step.run(images, state(t));
            if (wait) {
              expected.add(List.of(new double[] {step.loss()}, step.read(taps[0]).doubles(),
                  step.read(taps[1]).doubles()));
            } else {
              DoubleSupplier loss = step.lossLater();
              Supplier<Tensor> logits = step.readLater(taps[0]);
              Supplier<Tensor> values = step.readLater(taps[1]);
              later.add(List.of(() -> new double[] {loss.getAsDouble()}, () -> logits.get().doubles(),
                  () -> values.get().doubles()));
            }
          }
        }
      }
      for (int repeat = 0; repeat < 2; repeat++) {
        for (int t = expected.size() - 1; t >= 0; t--) {
          for (int i = 0; i < 3; i++) {
            assertArrayEquals(expected.get(t).get(i), later.get(t).get(i).get(), "run " + (t + 1));
          }
        }
      }
    }
    assertFalse(Arrays.equals(expected.getFirst().get(2), expected.getLast().get(2)), "training changed nothing");
  }

  /** Bit for bit what Java calculates in float64. */
  @Test
  void aMeanOfTheParametersHasTheBitsOfFloat64() {
    TrainingSpec spec = spec(0, BatchNormMode.TRAINING, Optimizer.Adam.keras());
    var expected = new LinkedHashMap<String, double[]>();
    weights.tensors().forEach((name, tensor) -> expected.put(name,
        Arrays.stream(tensor.doubles()).map(value -> value / 3).toArray()));
    var start = new LinkedHashMap<String, Tensor>();
    expected.forEach((name, values) -> start.put(name, Tensor.of(weights.get(name).shape(), values.clone())));
    try (Device device = open(2);
        ParameterBank bank = device.load(network, weights);
        ParameterAverage mean = bank.average(new Weights(start));
        Executable step = compile(device, bank, spec, 5)) {
      for (int t = 1; t <= STEPS; t++) {
        step.run(batch, state(t));
        double share = 1.0 / (t + 2);
        mean.add(share);
        bank.snapshot().tensors().forEach((name, tensor) -> {
          double[] values = expected.get(name);
          for (int i = 0; i < values.length; i++) {
            values[i] += share * (tensor.get(i) - values[i]);
          }
        });
        Weights actual = mean.weights();
        assertEquals(expected.keySet(), actual.tensors().keySet());
        expected.forEach((name, values) -> assertArrayEquals(values, actual.get(name).doubles(), name));
      }
    }
    expected.forEach((name, values) -> assertEquals(weights.get(name).doubles()[0] / 3, start.get(name).get(0), name));
  }

  @Test
  void slotsCanBeSavedAndRestored() {
    TrainingSpec spec = spec(0, BatchNormMode.TRAINING, Optimizer.Adam.keras());
    try (Device device = open(2);
        ParameterBank straight = device.load(network, weights);
        ParameterBank resumed = device.load(network, weights)) {
      try (Executable step = compile(device, straight, spec, 5)) {
        step.run(batch, state(1));
        straight.snapshot().tensors().forEach(resumed::write);
        for (ParameterSpec parameter : spec.trainedParameters(network)) {
          for (int slot = 0; slot < 2; slot++) {
            resumed.writeSlot(slot, parameter.name(), straight.readSlot(slot, parameter.name()));
          }
        }
        step.run(batch, state(2));
      }
      try (Executable step = compile(device, resumed, spec, 5)) {
        step.run(batch, state(2));
      }
      for (ParameterSpec parameter : network.parameters()) {
        assertArrayEquals(straight.read(parameter.name()).doubles(), resumed.read(parameter.name()).doubles(),
            parameter.name());
      }
      straight.resetSlots();
      assertTrue(Arrays.stream(straight.readSlot(0, "stem/kernel").doubles()).allMatch(m -> m == 0));
    }
  }

  @Test
  void tensorsOfTheWrongShapeAreRefused() {
    TrainingSpec spec = spec(0, BatchNormMode.TRAINING, new Optimizer.Sgd(0));
    try (Device device = open(1);
        ParameterBank bank = device.load(network, weights);
        Executable step = compile(device, bank, spec, 5)) {
      assertThrows(IllegalArgumentException.class, () -> step.run(smaller, state(1)));
      var labels = new Batch(batch.images(), smaller.labels(), batch.weights());
      assertThrows(IllegalArgumentException.class, () -> step.run(labels, state(1)));
      var wrongWeights = new Batch(batch.images(), batch.labels(), smaller.weights());
      assertThrows(IllegalArgumentException.class, () -> step.run(wrongWeights, state(1)));
      assertThrows(IllegalArgumentException.class, () -> bank.write("stem/kernel", Tensor.of(Shape.of(1), 0f)));
      assertThrows(IllegalArgumentException.class, () -> bank.read("stem/nothing"));
      assertThrows(IllegalArgumentException.class, () -> step.read("stem"));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void anUpdateBeforeTheFirstIsRefused(long number) {
    assertRefused(new RunState(9, 1, number, 1e-2), "step is " + number + "; updates are counted from 1");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void aLearningRateThatIsNotFiniteIsRefused(double rate) {
    assertRefused(new RunState(9, 1, 1, rate), "learning rate is " + rate + "; it must be a finite number");
  }

  /** And no parameter changes. */
  private void assertRefused(RunState state, String why) {
    for (Optimizer optimizer : List.of(Optimizer.Adam.keras(), new Optimizer.Sgd(0.9))) {
      TrainingSpec spec = spec(0, BatchNormMode.TRAINING, optimizer);
      try (Device device = open(1);
          ParameterBank bank = device.load(network, weights);
          Executable step = compile(device, bank, spec, 5);
          Executable update = device.compile(Planner.update(network, spec), bank)) {
        Batch one = random.batch(network, 1, SmallNetworks.loss(3));
        List.<org.junit.jupiter.api.function.Executable>of(() -> step.run(batch, state),
            () -> step.runTimed(batch, state).ifPresentOrElse(_ -> {}, () -> step.run(batch, state)),
            () -> update.run(one, state)).forEach(run -> {
              String message = assertThrows(IllegalArgumentException.class, run).getMessage();
              assertTrue(message.contains(why), message);
            });
        weights.tensors().forEach((name, tensor) -> assertArrayEquals(tensor.floats(), bank.read(name).floats(), name));
      }
    }
  }

  /** Samples that do not count may stand in a batch; one without labels and weights may not be trained on. */
  @Test
  void aBatchForInferenceIsNotTrainedOn() {
    TrainingSpec spec = spec(0, BatchNormMode.FROZEN, new Optimizer.Sgd(0));
    Network single = SmallNetworks.twoBlocks(1, 0);
    var gradients = new TrainingSpec(Set.of("logits"), BatchNormMode.FROZEN, SmallNetworks.loss(1), Optional.empty());
    try (Device device = open(1);
        ParameterBank bank = device.load(network, weights);
        ParameterBank other = device.load(single, random.weights(single));
        Executable three = compile(device, bank, spec, 5);
        Executable one = compile(device, other, gradients, 5)) {
      for (Executable step : List.of(three, one)) {
        String message = assertThrows(IllegalArgumentException.class,
            () -> step.run(Batch.of(batch.images()), state(1))).getMessage();
        assertTrue(message.contains("Batch.of(images, labels)"), message);
      }
      three.run(new Batch(batch.images(), batch.labels(), Tensor.of(Shape.of(5), 1f, 1f, 0f, 0f, 0f)), state(1));
      assertTrue(three.loss() > 0);
      three.run(new Batch(batch.images(), batch.labels(), Tensor.of(Shape.of(5), new float[5])), state(2));
      assertEquals(0, three.loss());
    }
  }

  /** A gradient is there once a run has calculated it or somebody has written it, and stays. */
  @Test
  void gradientsThatNothingCalculatedAreRefused() {
    TrainingSpec spec = spec(network.index("logits"), BatchNormMode.TRAINING, new Optimizer.Sgd(0));
    try (Device device = open(1);
        ParameterBank bank = device.load(network, weights);
        Executable step = compile(device, bank, spec, 5);
        Executable update = device.compile(Planner.update(network, spec), bank)) {
      assertRefused("gradient of 'logits/kernel'", () -> bank.readGradient("logits/kernel"));
      update.run(random.batch(network, 1, SmallNetworks.loss(3)), state(1));
      assertRefused("gradient of 'logits/kernel'", () -> bank.readGradient("logits/kernel"));
      step.run(batch, state(1));
      bank.readGradient("logits/kernel");
      assertRefused("layer 'stem' is trainable", () -> bank.readGradient("stem/kernel"));
      assertRefused("moving statistics have none", () -> bank.readGradient("stem_BN/moving_mean"));
      assertRefused("'stem/nothing'", () -> bank.readGradient("stem/nothing"));
      Tensor written = random.normal(network.parameter("stem/kernel").shape(), 0, 1);
      bank.writeGradient("stem/kernel", written);
      assertArrayEquals(written.floats(), bank.readGradient("stem/kernel").floats());
    }
  }

  @Test
  void slotsThatNoOptimiserHasAreRefused() {
    try (Device device = open(1); ParameterBank bank = device.load(network, weights)) {
      for (int slot : new int[] {-1, 2}) {
        assertRefused("slots 0 to 1, not " + slot, () -> bank.readSlot(slot, "stem/kernel"));
        assertRefused("slots 0 to 1, not " + slot, () -> bank.writeSlot(slot, "stem/kernel", bank.read("stem/kernel")));
      }
    }
  }

  /** Networks that were built apart are the same if their layers are. */
  @Test
  void aPlanRunsOnParametersOfTheSameLayersOnly() {
    Tensor images = smaller.images();
    try (Device device = open(1);
        ParameterBank bank = device.load(network, weights);
        Executable own = device.compile(Planner.inference(network, 2, device.fusions(), Set.of()), bank);
        Executable alike = device.compile(
            Planner.inference(SmallNetworks.twoBlocks(3, 0.3), 2, device.fusions(), Set.of()), bank)) {
      own.run(Batch.of(images), RunState.inference());
      double[] expected = own.read("head").doubles();
      alike.run(Batch.of(images), RunState.inference());
      assertArrayEquals(expected, alike.read("head").doubles());
      for (Network other : List.of(SmallNetworks.twoBlocks(3, 0.2), SmallNetworks.twoBlocks(1, 0.3))) {
        assertRefused("belong to different networks",
            () -> device.compile(Planner.inference(other, 2, device.fusions(), Set.of()), bank));
      }
    }
  }

  @Test
  void nothingRunsAfterItIsClosed() {
    try (Device device = open(1); ParameterBank bank = device.load(network, weights)) {
      Executable infer = device.compile(Planner.inference(network, 2, device.fusions(), Set.of()), bank);
      infer.run(Batch.of(smaller.images()), RunState.inference());
      infer.close();
      String message = assertThrows(IllegalStateException.class,
          () -> infer.run(Batch.of(smaller.images()), RunState.inference())).getMessage();
      assertTrue(message.contains("the executable is closed"), message);
    }
  }

  @Test
  void nothingIsMadeOnAClosedDevice() {
    Device device = open(2);
    ParameterBank bank = device.load(network, weights);
    var plan = Planner.inference(network, 2, device.fusions(), Set.of());
    boolean hasCompanion = device.companion().map(companion -> {
      companion.close();
      return true;
    }).orElse(false);
    bank.close();
    device.close();
    List<org.junit.jupiter.api.function.Executable> made = new ArrayList<>(
        List.of(() -> device.load(network, weights), () -> device.compile(plan, bank)));
    if (hasCompanion) {
      made.add(device::companion);
    }
    for (org.junit.jupiter.api.function.Executable what : made) {
      String message = assertThrows(IllegalStateException.class, what).getMessage();
      assertTrue(message.startsWith("the device is closed"), message);
    }
  }

  /** As {@link AutoCloseable} recommends: a second close does nothing, also when what stands before it is closed by then. */
  @Test
  void whatIsClosedTwiceIsClosedOnce() {
    Device device = open(2);
    ParameterBank bank = device.load(network, weights);
    ParameterAverage average = bank.average(weights);
    Executable step = compile(device, bank, spec(0, BatchNormMode.TRAINING, Optimizer.Adam.keras()), 5);
    step.run(batch, state(1));
    for (int time = 1; time <= 2; time++) {
      step.close();
      average.close();
      bank.close();
      device.close();
    }
  }

  private static void assertRefused(String message, org.junit.jupiter.api.function.Executable what) {
    String actual = assertThrows(IllegalArgumentException.class, what).getMessage();
    assertTrue(actual.contains(message), actual);
  }
}
