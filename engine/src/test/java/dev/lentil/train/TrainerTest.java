package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Weights;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerTest {
  private static final Consumer<TrainingEvent> SILENT = _ -> {};

  @TempDir
  Path folder;

  /** Stands for whatever stops a run from outside. */
  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @ParameterizedTest
  @MethodSource("dev.lentil.train.TinyRun#backends")
  void theSameSeedGivesTheSameBits(String backend) {
    var run = TinyRun.standard();
    var first = run.run(backend, Optional.empty(), SILENT);
    var second = run.run(backend, Optional.empty(), SILENT);
    assertTrue(first.sameBits(second), "weights differ");
    assertEquals(first.numbers(), second.numbers());
    assertEquals(6, first.history().size());
  }

  @ParameterizedTest
  @MethodSource("dev.lentil.train.TinyRun#backends")
  void oneAndTwoThreadsGiveTheSameBits(String backend) {
    var one = TinyRun.standard().run(backend, Optional.empty(), SILENT);
    var two = TinyRun.standard().withThreads(2).run(backend, Optional.empty(), SILENT);
    assertTrue(one.sameBits(two), "weights differ");
    assertEquals(one.numbers(), two.numbers());
  }

  @ParameterizedTest
  @MethodSource("dev.lentil.train.TinyRun#backends")
  void itLearns(String backend) {
    var result = new TinyRun(1, 15, 20, FinalWeights.LAST, 1).run(backend, Optional.empty(), SILENT);
    double first = result.history().getFirst().training().loss();
    double last = result.history().getLast().training().loss();
    assertTrue(last < 0.8 * first, "the loss went from " + first + " to " + last);
  }

  @ParameterizedTest
  @MethodSource("dev.lentil.train.TinyRun#backends")
  void severalClassesTrainToo(String backend) {
    var result = new TinyRun(1, 15, 20, FinalWeights.LAST, 3).run(backend, Optional.empty(), SILENT);
    double first = result.history().getFirst().training().loss();
    double last = result.history().getLast().training().loss();
    assertTrue(last < 0.9 * first, "the loss went from " + first + " to " + last);
  }

  @ParameterizedTest
  @MethodSource("dev.lentil.train.TinyRun#backends")
  void resumedAfterEveryBatchTheBitsAreTheSame(String backend) {
    resumeAfterEveryBatch(backend, TinyRun.standard());
    resumeAfterEveryBatch(backend, TinyRun.standard().withAveraging());
    resumeAfterEveryBatch(backend, new TinyRun(1, 3, 10, FinalWeights.LAST, 1).withAveraging());
  }

  private void resumeAfterEveryBatch(String backend, TinyRun run) {
    var whole = run.run(backend, Optional.empty(), SILENT);
    Path file = folder.resolve(run + ".safetensors");
    int parts = 0;
    while (true) {
      parts++;
      int[] batches = {0};
      try {
        var resumed = run.run(backend, Optional.of(file), event -> {
          // The second batch is done, but its checkpoint is not written yet: it must be done again.
          if (event instanceof TrainingEvent.BatchDone && ++batches[0] == 2) {
            throw new Interruption();
          }
        });
        assertTrue(whole.sameBits(resumed), "weights differ");
        assertEquals(whole.numbers(), resumed.numbers());
        break;
      } catch (Interruption _) {
        assertTrue(parts < 100, "the run does not come to an end");
      }
    }
    assertTrue(parts > 15, "only " + parts + " parts");
  }

  @ParameterizedTest
  @MethodSource("dev.lentil.train.TinyRun#backends")
  void aRunOfTheFirstStageAloneGoesOnWithASecond(String backend) {
    var run = TinyRun.standard().withAveraging();
    var both = run.settings(Optional.of(folder.resolve("checkpoint.safetensors")));
    var first = new Trainer.Settings(both.seed(), both.stages().subList(0, 1), both.auc(), both.checkpointing());
    assertEquals(3, run.run(backend, first, run.validation(), (_, _) -> {}).history().size());
    var continued = run.run(backend, both, run.validation(), (_, _) -> {});
    var whole = run.run(backend, Optional.empty(), SILENT);
    assertTrue(whole.sameBits(continued), "weights differ");
    assertEquals(whole.numbers(), continued.numbers());
  }

  @ParameterizedTest
  @MethodSource("dev.lentil.train.TinyRun#backends")
  void aFrozenBaseIsLeftAlone(String backend) {
    var run = TinyRun.standard();
    try (var device = Backends.named(backend).open(new DeviceOptions(1));
        var bank = device.load(run.network(), run.firstWeights())) {
      var before = TinyRun.Result.bits(bank.snapshot());
      var settings = new Trainer.Settings(1, run.stages().subList(0, 1), AucKind.EXACT, Optional.empty());
      new Trainer(device, bank, settings, run.data(), run.validation(), SILENT).run();
      var changed = new HashSet<>(before.keySet());
      var after = TinyRun.Result.bits(bank.snapshot());
      changed.removeIf(name -> before.get(name).equals(after.get(name)));
      assertEquals(new HashSet<>(List.of("predictions/kernel", "predictions/bias")), changed);
    }
  }

  /** The second time the place of the first would be taken for its own: at its end nothing would be trained, and no word said. */
  @Test
  void itRunsOnce() {
    var run = TinyRun.standard();
    var backend = TinyRun.backends().findFirst().orElseThrow();
    Path file = folder.resolve("checkpoint.safetensors");
    try (var device = Backends.named(backend).open(new DeviceOptions(1));
        var bank = device.load(run.network(), run.firstWeights())) {
      var trainer = new Trainer(device, bank, run.settings(Optional.of(file)), run.data(), run.validation(), SILENT);
      trainer.run();
      var trained = TinyRun.Result.bits(bank.snapshot());
      var checkpoint = Checkpoint.read(file);
      for (Executable again : List.<Executable>of(trainer::run, () -> trainer.resume(checkpoint))) {
        assertEquals("this Trainer has run already; make another one, whose run() begins again and whose "
            + "resume(checkpoint) goes on", assertThrows(IllegalStateException.class, again).getMessage());
      }
      assertEquals(trained, TinyRun.Result.bits(bank.snapshot()));
    }
  }

  @Test
  void bestWeightsComeBackAndLastOnesDoNot() {
    var backend = TinyRun.backends().findFirst().orElseThrow();
    for (var kind : FinalWeights.values()) {
      var run = new TinyRun(1, 8, 20, kind, 1);
      try (var device = Backends.named(backend).open(new DeviceOptions(1));
          var bank = device.load(run.network(), run.firstWeights())) {
        var perEpoch = new ArrayList<Weights>();
        var bestEpoch = new int[1];
        Consumer<TrainingEvent> listener = event -> {
          switch (event) {
            case TrainingEvent.EpochDone e when e.position().stage() == 2 -> {
              perEpoch.add(bank.snapshot());
              bestEpoch[0] = e.stopping().bestEpoch();
            }
            default -> {}
          }
        };
        new Trainer(device, bank, run.settings(Optional.empty()), run.data(), run.validation(), listener).run();
        int expected = kind == FinalWeights.BEST ? bestEpoch[0] - 1 : perEpoch.size() - 1;
        assertEquals(TinyRun.Result.bits(perEpoch.get(expected)), TinyRun.Result.bits(bank.snapshot()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.lentil.train.TinyRun#backends")
  void averagedWeightsAreValidatedAndKeptAndDoNotDisturbTheTraining(String backend) {
    var plain = new TinyRun(1, 3, 10, FinalWeights.LAST, 1);
    var run = plain.withAveraging();
    // a checkpoint after each batch, so that the listener sees the weights of just this batch
    var settings = run.settings(Optional.of(folder.resolve("checkpoint.safetensors")));
    // the second stage's optimiser differs between the two
    var first = new Trainer.Settings(settings.seed(), settings.stages().subList(0, 1), settings.auc(),
        settings.checkpointing());
    try (var device = Backends.named(backend).open(new DeviceOptions(1));
        var bank = device.load(run.network(), run.firstWeights())) {
      var average = new WeightAverage(0.5, bank, bank.snapshot());
      var losses = new ArrayList<Double>();
      var epochs = new int[1];
      Consumer<TrainingEvent> listener = event -> {
        switch (event) {
          case TrainingEvent.BatchDone e -> {
            losses.add(e.batchLoss());
            average.add(losses.size());
          }
          case TrainingEvent.EpochDone _ -> {
            epochs[0]++;
            assertEquals(rounded(average.weights(), bank.snapshot()), TinyRun.Result.bits(bank.snapshot()));
          }
          default -> {}
        }
      };
      new Trainer(device, bank, first, run.data(), run.validation(), listener).run();
      assertEquals(3, epochs[0]);
      assertEquals(rounded(average.weights(), bank.snapshot()), TinyRun.Result.bits(bank.snapshot()));
      var undisturbed = new ArrayList<Double>();
      plain.run(backend, Optional.empty(), event -> {
        if (event instanceof TrainingEvent.BatchDone e && e.position().stage() == 1) {
          undisturbed.add(e.batchLoss());
        }
      });
      assertEquals(undisturbed, losses);
    }
  }

  /** The bits of the weights in the type that a bank has. */
  private static Map<String, List<Long>> rounded(Weights weights, Weights bank) {
    var tensors = new LinkedHashMap<String, Tensor>();
    weights.tensors().forEach((name, tensor) -> tensors.put(name,
        bank.get(name) instanceof Tensor.F32 ? Tensor.of(tensor.shape(), tensor.floats()) : tensor));
    return TinyRun.Result.bits(new Weights(tensors));
  }

  @Test
  void anImpatientStageStopsEarlyAndTheNextOneStartsAnew() {
    var backend = TinyRun.backends().findFirst().orElseThrow();
    var history = new TinyRun(1, 40, 1, FinalWeights.BEST, 1).run(backend, Optional.empty(), SILENT).history();
    for (int stage : new int[] {1, 2}) {
      var values = history.stream().filter(e -> e.stage() == stage).map(e -> e.validation().auc()).toList();
      assertTrue(values.size() < 40, values.toString());
      for (int i = 1; i < values.size(); i++) {
        assertEquals(i < values.size() - 1, values.get(i) > values.get(i - 1), "epoch " + (i + 1) + " of " + values);
      }
    }
  }

  @Test
  void aLossThatIsNoNumberStopsTheRun() {
    var backend = TinyRun.backends().findFirst().orElseThrow();
    var run = TinyRun.standard();
    TrainingData broken = new TrainingData() {
      @Override
      public int samples() {
        return run.data().samples();
      }

      @Override
      public int batchSize() {
        return run.data().batchSize();
      }

      @Override
      public Batches epoch(int stage, int epoch, int firstBatch) {
        Batch batch = run.data().epoch(stage, epoch, firstBatch).next();
        Arrays.fill(((Tensor.F32) batch.images()).floats(), Float.NaN);
        return Batches.of(Collections.nCopies(3, batch));
      }
    };
    try (var device = Backends.named(backend).open(new DeviceOptions(1));
        var bank = device.load(run.network(), run.firstWeights())) {
      var trainer = new Trainer(device, bank, run.settings(Optional.empty()), broken, run.validation(), SILENT);
      var e = assertThrows(TrainingException.class, trainer::run);
      assertTrue(e.getMessage().startsWith("the training loss is NaN in stage 1 (head), epoch 1, after 0 batches"),
          e.getMessage());
      assertTrue(e.getMessage().contains("learning rate"), e.getMessage());
    }
  }

  @Test
  void aValidationLossThatIsNoNumberStopsTheRun() {
    var run = TinyRun.standard();
    EvaluationData broken = () -> {
      Batch batch = run.validation().open().next();
      Arrays.fill(((Tensor.F32) batch.images()).floats(), Float.NaN);
      return Batches.of(List.of(batch));
    };
    var e = assertThrows(DivergedException.class, () -> train(run.data(), broken));
    assertTrue(e.getMessage().startsWith("the validation loss is NaN in stage 1 (head), epoch 1, after 3 batches"),
        e.getMessage());
  }

  /** @param size what the data says of the batches that {@link TinyRun#data} gives */
  private static TrainingData saying(TrainingData data, int samples, int size) {
    return new TrainingData() {
      @Override
      public int samples() {
        return samples;
      }

      @Override
      public int batchSize() {
        return size;
      }

      @Override
      public Batches epoch(int stage, int epoch, int firstBatch) {
        return data.epoch(stage, epoch, firstBatch);
      }
    };
  }

  private static void train(TrainingData data, EvaluationData validation) {
    var run = TinyRun.standard();
    try (var device = Backends.named(TinyRun.backends().findFirst().orElseThrow()).open(new DeviceOptions(1));
        var bank = device.load(run.network(), run.firstWeights())) {
      new Trainer(device, bank, run.settings(Optional.empty()), data, validation, SILENT).run();
    }
  }

  @Test
  void aMonitorThatIsNoNumberStopsTheRun() {
    var run = TinyRun.standard();
    EvaluationData oneClass = () -> {
      Batch batch = run.validation().open().next();
      return Batches.of(List
          .of(new Batch(batch.images(), Tensor.of(batch.labels().shape(), new float[batch.size()]), batch.weights())));
    };
    var e = assertThrows(TrainingException.class, () -> train(run.data(), oneClass));
    assertTrue(
        e.getMessage().startsWith("val_auc is no number in stage 1 (head), epoch 1, and no epoch can be the best"),
        e.getMessage());
  }

  @Test
  void batchesOfAnotherSizeThanTheDataSaysAreRefused() {
    var run = TinyRun.standard();
    TrainingData data = run.data();
    int samples = data.samples();
    int size = data.batchSize();
    for (int wrong : new int[] {size + 1, size - 1}) {
      String message = assertThrows(TrainingException.class,
          () -> train(saying(data, samples, wrong), run.validation())).getMessage();
      assertTrue(message.startsWith("batch 1 of ") && message.contains("has " + size + " samples, but should have "
          + wrong), message);
    }
    String missing = assertThrows(TrainingException.class,
        () -> train(saying(data, samples + 2 * size, size), run.validation())).getMessage();
    assertTrue(missing.contains(" has ") || missing.contains("is missing"), missing);
    // A last batch that is filled up: fewer samples are said than given.
    assertTrue(samples % size > 1, "the last batch is smaller");
    train(saying(data, samples - 1, size), run.validation());
  }

  /** It would train nothing, and say so of each epoch with NaN alone. */
  @Test
  void trainingDataOfNoSamplesIsRefused() {
    var run = TinyRun.standard();
    for (int[] said : new int[][] {{0, 8}, {-1, 8}, {22, 0}}) {
      assertEquals("the training data has " + said[0] + " samples in batches of " + said[1]
          + ", but must have at least 1 of each",
          assertThrows(IllegalArgumentException.class,
              () -> train(saying(run.data(), said[0], said[1]), run.validation())).getMessage());
    }
  }

  @Test
  void aLastBatchThatIsFilledUpChangesNoFigureOfTheTraining() {
    var run = new TinyRun(1, 1, 1, FinalWeights.LAST, 3);
    assertEquals(figures(run, run.data()), figures(run, filledUp(run)));
  }

  private static TrainingData filledUp(TinyRun run) {
    int size = run.data().batchSize();
    return new TrainingData() {
      @Override
      public int samples() {
        return run.data().samples();
      }

      @Override
      public int batchSize() {
        return size;
      }

      @Override
      public Batches epoch(int stage, int epoch, int firstBatch) {
        var batches = new ArrayList<Batch>();
        try (Batches given = run.data().epoch(stage, epoch, firstBatch)) {
          given.forEachRemaining(batch -> batches.add(new Batch(padded(batch.images(), size),
              padded(batch.labels(), size), padded(batch.weights(), size))));
        }
        return Batches.of(batches);
      }
    };
  }

  private static Tensor padded(Tensor rows, int count) {
    var shape = rows.shape().toArray();
    int each = rows.shape().size() / shape[0];
    shape[0] = count;
    return Tensor.of(Shape.of(shape), Arrays.copyOf(rows.floats(), count * each));
  }

  /** Of an epoch that trains the head alone, by next to nothing, so that each batch has the same weights. */
  private static Metrics figures(TinyRun run, TrainingData data) {
    var stage = run.stages().getFirst();
    var still = new Stage(stage.name(), stage.spec(), 1, new Schedule.Constant(1e-30), stage.stopping(),
        stage.finalWeights(), stage.averaging());
    try (var device = Backends.named("reference").open(new DeviceOptions(1));
        var bank = device.load(run.network(), run.firstWeights())) {
      var settings = new Trainer.Settings(1, List.of(still), AucKind.EXACT, Optional.empty());
      Metrics figures = new Trainer(device, bank, settings, data, run.validation(), SILENT).run().getFirst().training();
      return new Metrics(Math.round(figures.loss() * 1e12) / 1e12, figures.accuracy(), figures.auc());
    }
  }

  @Test
  void whatDoesNotFitTheNetworkIsSaidBeforeTheRun() {
    var run = new TinyRun(1, 1, 1, FinalWeights.LAST, 3);
    var stages = run.stages();
    var last = stages.getLast();
    var misspelt = new Stage(last.name(),
        new TrainingSpec(Set.of("predictons"), BatchNormMode.TRAINING, last.spec().loss(), last.spec().optimizer()), 1,
        last.schedule(), last.stopping(), last.finalWeights(), last.averaging());
    assertRefused(run, List.of(stages.getFirst(), misspelt), AucKind.EXACT,
        "stage fine-tuning: layer 'predictons' is to be trained");
    assertRefused(run, stages, AucKind.KERAS, "Keras's AUC is for one output, this network has 3; take EXACT");
    assertEquals("weights are averaged with decay 1.0, but it must be from 0 to below 1",
        assertThrows(IllegalArgumentException.class, () -> new Stage(last.name(), last.spec(), 1, last.schedule(),
            last.stopping(), last.finalWeights(), OptionalDouble.of(1))).getMessage());
  }

  /** What an optimiser kept of a run before is no part of the next one. */
  @Test
  void aBankThatWasTrainedBeforeStartsAnew() {
    var run = TinyRun.standard();
    String backend = TinyRun.backends().findFirst().orElseThrow();
    var fresh = run.run(backend, Optional.empty(), SILENT);
    try (var device = Backends.named(backend).open(new DeviceOptions(1));
        var bank = device.load(run.network(), run.firstWeights())) {
      for (int time = 0; time < 2; time++) {
        run.firstWeights().tensors().forEach(bank::write);
        new Trainer(device, bank, run.settings(Optional.empty()), run.data(), run.validation(), SILENT).run();
        assertEquals(TinyRun.Result.bits(fresh.weights()), TinyRun.Result.bits(bank.snapshot()));
      }
    }
  }

  private static void assertRefused(TinyRun run, List<Stage> stages, AucKind auc, String message) {
    try (var device = Backends.named("reference").open(new DeviceOptions(1));
        var bank = device.load(run.network(), run.firstWeights())) {
      var settings = new Trainer.Settings(1, stages, auc, Optional.empty());
      var e = assertThrows(IllegalArgumentException.class,
          () -> new Trainer(device, bank, settings, run.data(), run.validation(), SILENT));
      assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }
  }

  @Test
  void aValidationWithoutBatchesIsSaidSo() {
    var e = assertThrows(TrainingException.class, () -> train(TinyRun.standard().data(), () -> Batches.of(List.of())));
    assertFalse(e instanceof DivergedException);
    assertTrue(e.getMessage().startsWith("the validation data gave no batches in stage 1 (head), epoch 1"),
        e.getMessage());
  }

  @Test
  void aCheckpointOfAnotherRunIsRefused() {
    var backend = TinyRun.backends().findFirst().orElseThrow();
    Path file = folder.resolve("checkpoint.safetensors");
    TinyRun.standard().run(backend, Optional.of(file), SILENT);
    var other = new TinyRun(1, 3, 10, FinalWeights.LAST, 1);
    var e = assertThrows(TrainingException.class, () -> other.run(backend, Optional.of(file), SILENT));
    assertTrue(e.getMessage().contains("another run"), e.getMessage());
    assertFalse(e.getMessage().isBlank());
  }

  @Test
  void aRunThatTrainsAsManyTensorsOfOtherNamesIsAnother() {
    var run = TinyRun.standard();
    String one = described(run, "stem");
    assertTrue(one.contains("1 trained tensors (SHA-256 "), one);
    assertNotEquals(one, described(run, "depthwise"));
    assertEquals(one, described(run, "stem"));
  }

  private static String described(TinyRun run, String trainable) {
    var head = run.stages().getFirst();
    var spec = new TrainingSpec(Set.of(trainable), BatchNormMode.TRAINING, head.spec().loss(), head.spec().optimizer());
    var stage =
        new Stage(head.name(), spec, 1, head.schedule(), head.stopping(), head.finalWeights(), head.averaging());
    return RunDescription.of(new Trainer.Settings(1, List.of(stage), AucKind.EXACT, Optional.empty()), run.data(),
        run.network(), new Position(1, 1, 1));
  }
}
