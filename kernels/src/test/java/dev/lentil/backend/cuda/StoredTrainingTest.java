package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.backend.Batch;
import dev.lentil.backend.BatchImages;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.ImageStore;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.image.ImageMap;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Weights;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Tensor;
import dev.lentil.train.AucKind;
import dev.lentil.train.Batches;
import dev.lentil.train.CheckpointFile;
import dev.lentil.train.Checkpointing;
import dev.lentil.train.EarlyStopping;
import dev.lentil.train.EvaluationData;
import dev.lentil.train.FinalWeights;
import dev.lentil.train.Monitor;
import dev.lentil.train.Schedule;
import dev.lentil.train.Stage;
import dev.lentil.train.StoppedException;
import dev.lentil.train.Trainer;
import dev.lentil.train.TrainingData;
import dev.lentil.train.TrainingEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole run, training and validation, on batches that the processor made and on images that the card holds. */
@ExtendWith(OnCard.class)
class StoredTrainingTest {
  private static final int SIDE = 12;
  private static final int SAMPLES = 10;
  private static final int VALIDATION = 5;
  private static final int BATCH = 4;
  private static final RandomImages IMAGES = new RandomImages(SAMPLES + VALIDATION, SIDE, SIDE, 7);

  private final SmallTraining training = SmallTraining.of(SIDE, SIDE, BATCH, 1, 0.2);

  private static Batch batch(Optional<ImageStore> store, List<BatchImages.Stored.Image> images) {
    return store.map(there -> RandomImages.named(there, images)).orElseGet(() -> RandomImages.made(IMAGES, images));
  }

  /** Every epoch in its order, with its own maps; the last batch is smaller. */
  private static TrainingData data(Optional<ImageStore> store) {
    return new TrainingData() {
      @Override
      public int samples() {
        return SAMPLES;
      }

      @Override
      public int batchSize() {
        return BATCH;
      }

      @Override
      public Batches epoch(int stage, int epoch, int firstBatch) {
        var batches = new ArrayList<Batch>();
        for (int from = firstBatch * BATCH; from < SAMPLES; from += BATCH) {
          batches.add(batch(store, IntStream.range(from, Math.min(SAMPLES, from + BATCH))
              .mapToObj(i -> new BatchImages.Stored.Image((3 * i + epoch) % SAMPLES,
                  RandomImages.map(new Random(1000 * stage + 100 * epoch + i), i + epoch, SIDE, SIDE)))
              .toList()));
        }
        return Batches.of(batches);
      }
    };
  }

  private static EvaluationData validation(Optional<ImageStore> store) {
    return () -> Batches.of(List.of(batch(store, IntStream.range(SAMPLES, SAMPLES + VALIDATION)
        .mapToObj(i -> new BatchImages.Stored.Image(i, ImageMap.AS_IS)).toList())));
  }

  private Stage stage(String name, int firstLayer) {
    var spec = new TrainingSpec(TrainingSpec.layersFrom(training.network(), firstLayer),
        training.spec(Optional.empty()).batchNorm(), training.loss(), Optional.of(Optimizer.Adam.keras()));
    return new Stage(name, spec, 2, new Schedule.Constant(1e-2), EarlyStopping.never(Monitor.VAL_LOSS),
        FinalWeights.LAST, OptionalDouble.empty());
  }

  private Weights run(Precision precision, boolean stored, Path checkpoint, int stopAfter) {
    int head = training.network().index("dropout");
    var settings = new Trainer.Settings(5, List.of(stage("head", head), stage("all", 0)), AucKind.EXACT,
        Optional.of(new Checkpointing(new CheckpointFile(checkpoint), 1, Duration.ofHours(1))));
    try (Device device = new CudaBackend().open(new DeviceOptions(1).withPrecision(precision));
        ParameterBank bank = device.load(training.network(), training.weights());
        Store store = new Store(stored ? device.store(IMAGES, List.of()) : Optional.empty())) {
      var trainer = new Trainer[1];
      int[] batches = {0};
      trainer[0] = new Trainer(device, bank, settings, data(store.images), validation(store.images), event -> {
        if (event instanceof TrainingEvent.BatchDone && ++batches[0] == stopAfter) {
          trainer[0].stop();
        }
      });
      assertEquals(stored, store.images.isPresent());
      settings.checkpointing().orElseThrow().file().latest().ifPresentOrElse(
          latest -> trainer[0].resume(latest.checkpoint()), trainer[0]::run);
      return bank.snapshot();
    }
  }

  private record Store(Optional<ImageStore> images) implements AutoCloseable {
    @Override
    public void close() {
      images.ifPresent(ImageStore::close);
    }
  }

  private static void assertSameBits(Weights expected, Weights actual) {
    for (Map.Entry<String, Tensor> entry : expected.tensors().entrySet()) {
      assertArrayEquals(entry.getValue().floats(), actual.tensors().get(entry.getKey()).floats(), entry.getKey());
    }
  }

  /** Also where one kind of data takes over from the other in the middle of an epoch, and of the second stage. */
  @ParameterizedTest
  @EnumSource(value = Precision.class, names = {"FLOAT32", "BFLOAT16"})
  void theSameBitsFromEither(Precision precision, @TempDir Path folder) {
    Weights made = run(precision, false, folder.resolve("made"), -1);
    assertSameBits(made, run(precision, true, folder.resolve("stored"), -1));
    for (boolean storedFirst : new boolean[] {true, false}) {
      Path checkpoint = folder.resolve("both-" + storedFirst);
      assertThrows(StoppedException.class, () -> run(precision, storedFirst, checkpoint, 8));
      assertSameBits(made, run(precision, !storedFirst, checkpoint, -1));
    }
    String kernel = "stem/kernel";
    assertFalse(Arrays.equals(made.tensors().get(kernel).floats(),
        training.weights().tensors().get(kernel).floats()), "the second stage trained the first layer");
  }
}
