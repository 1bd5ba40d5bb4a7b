package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Batch;
import dev.lentil.backend.BatchImages;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ImageStore;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.Precision;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.dnn.CudnnChoice;
import dev.lentil.backend.cuda.emulation.CudnnFor;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.image.ImageMap;
import dev.lentil.nn.Optimizer;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the second on a run is one launch of a graph, whoever does the work and wherever the images are; only the emulated card tells. */
class RecordedRunsTest {
  @RegisterExtension
  static final CudnnFor AS_EACH_TEST_SAYS = new CudnnFor("none");

  private static final int SIDE = 12;
  private static final int BATCH = 4;
  private static final int STEPS = 4;

  private final SmallTraining training = SmallTraining.of(SIDE, SIDE, BATCH, 1, 0.2);

  @ParameterizedTest
  @CsvSource({"FLOAT32, none, false", "FLOAT32, none, true", "BFLOAT16, none, false", "BFLOAT16, none, true",
      "TF32, none, false", "FLOAT32, convolution, false", "FLOAT32, convolution, true", "FLOAT32, all, false",
      "FLOAT32, all, true"})
  void trainingStepsAreGraphs(Precision precision, String cudnn, boolean stored) {
    System.setProperty(CudnnChoice.PROPERTY, cudnn);
    var images = new RandomImages(BATCH, SIDE, SIDE, 7);
    var chosen = IntStream.range(0, BATCH).mapToObj(i -> new BatchImages.Stored.Image(i, ImageMap.AS_IS)).toList();
    try (Device device = new CudaBackend().open(new DeviceOptions(1).withPrecision(precision));
        ParameterBank bank = device.load(training.network(), training.weights());
        ImageStore store = device.store(images, List.of()).orElseThrow();
        Executable step = device.compile(Planner.training(training.network(), BATCH,
            training.spec(Optional.of(Optimizer.Adam.keras())), device.fusions(), Set.of()), bank)) {
      Batch batch = stored ? RandomImages.named(store, chosen) : RandomImages.made(images, chosen);
      long graphs = EmulatedCard.graphLaunches();
      for (int t = 0; t < STEPS; t++) {
        step.run(batch, new RunState(7, 1, t + 1, 1e-2));
        assertEquals(graphs + t, EmulatedCard.graphLaunches());
        assertTrue(Double.isFinite(step.loss()));
      }
    }
  }

  /** The first run loads, the second records, and all give what the first gave. */
  @Test
  void theSecondRunRecordsAGraph() {
    var training = SmallTraining.of(9, 8, 2, 1, 0);
    try (Device device = new CudaBackend().open(new DeviceOptions(1));
        ParameterBank bank = device.load(training.network(), training.weights());
        Executable infer = device.compile(
            Planner.inference(training.network(), 2, device.fusions(), Set.of()), bank)) {
      long graphs = EmulatedCard.graphLaunches();
      var images = Batch.of(training.batch().images());
      infer.run(images, RunState.inference());
      float[] first = infer.read("head").floats();
      assertEquals(graphs, EmulatedCard.graphLaunches());
      for (int run = 1; run <= 3; run++) {
        infer.run(images, RunState.inference());
        assertEquals(graphs + run, EmulatedCard.graphLaunches());
        assertArrayEquals(first, infer.read("head").floats());
      }
    }
  }

  @Test
  void whatCannotBeRecordedRunsStepByStep() {
    var training = SmallTraining.of(9, 8, 2, 1, 0);
    List<Tensor> recorded;
    try (Device device = new CudaBackend().open(new DeviceOptions(1))) {
      recorded = training.train(device, 4);
    }
    EmulatedCard.refuseRecording(true);
    long graphs = EmulatedCard.graphLaunches();
    try (Device device = new CudaBackend().open(new DeviceOptions(1));
        ParameterBank bank = device.load(training.network(), training.weights());
        Executable infer = device.compile(
            Planner.inference(training.network(), 2, device.fusions(), Set.of()), bank)) {
      List<Tensor> oneByOne = training.train(device, 4);
      for (int i = 0; i < recorded.size(); i++) {
        assertArrayEquals(recorded.get(i).doubles(), oneByOne.get(i).doubles());
      }
      for (int run = 0; run < 2; run++) {
        double[] times =
            infer.runTimed(Batch.of(training.batch().images()), RunState.inference()).orElseThrow();
        assertEquals(infer.plan().steps().size() + 1, times.length);
      }
      assertEquals(graphs, EmulatedCard.graphLaunches());
    } finally {
      EmulatedCard.refuseRecording(false);
    }
  }
}
