package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.image.ByteImages;
import dev.lentil.nn.Optimizer;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import dev.lentil.train.AucKind;
import dev.lentil.train.Batches;
import dev.lentil.train.CheckpointFile;
import dev.lentil.train.Checkpointing;
import dev.lentil.train.EarlyStopping;
import dev.lentil.train.Evaluator;
import dev.lentil.train.FinalWeights;
import dev.lentil.train.Monitor;
import dev.lentil.train.Schedule;
import dev.lentil.train.Scores;
import dev.lentil.train.Stage;
import dev.lentil.train.Trainer;
import dev.lentil.train.TrainingData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are given to the card while those before are not done. */
@ExtendWith(OnCard.class)
class RunAheadTest {
  private static final int BATCHES = 5;
  private static final int EPOCHS = 2;
  private static final int SIDE = 9;
  private static final int SIZE = 4;

  private final SmallTraining training = SmallTraining.of(SIDE, SIDE, SIZE, 1, 0.2);

  @BeforeEach
  void late() {
    EmulatedCard.workLate(true);
  }

  @AfterEach
  void atOnce() {
    EmulatedCard.workLate(false);
  }

  /** Batches of their own, whose arrays the next one overwrites, as those of images are. */
  private final class Reused implements Batches {
    private final Batch batch = training.batch();
    private final Runnable between;
    private int given;

    private Reused(int first, Runnable between) {
      given = first;
      this.between = between;
    }

    @Override
    public boolean hasNext() {
      return given < BATCHES;
    }

    @Override
    public Batch next() {
      if (given > 0) {
        between.run();
      }
      given++;
      Batch drawn = new RandomTensors(given).batch(training.network(), SIZE, training.loss());
      copy(drawn.images(), batch.images());
      copy(drawn.labels(), batch.labels());
      copy(drawn.weights(), batch.weights());
      return batch;
    }

    @Override
    public void close() {
      // Nothing is open.
    }

    private static void copy(Tensor from, Tensor to) {
      System.arraycopy(from.floats(), 0, to.floats(), 0, to.floats().length);
    }
  }

  private TrainingData data(Runnable between) {
    return new TrainingData() {
      @Override
      public int samples() {
        return BATCHES * SIZE;
      }

      @Override
      public int batchSize() {
        return SIZE;
      }

      @Override
      public Batches epoch(int stage, int epoch, int firstBatch) {
        return new Reused(firstBatch, between);
      }
    };
  }

  /** All parameters and figures of a run with averaged weights. */
  private List<Object> train(Optional<Checkpointing> checkpointing, Runnable between) {
    var stage = new Stage("all", training.spec(Optional.of(Optimizer.Adam.keras())), EPOCHS,
        new Schedule.Constant(1e-2), EarlyStopping.never(Monitor.VAL_LOSS), FinalWeights.LAST, OptionalDouble.of(0.9));
    var settings = new Trainer.Settings(5, List.of(stage), AucKind.EXACT, checkpointing);
    try (Device device = new CudaBackend().open(new DeviceOptions(1));
        ParameterBank bank = device.load(training.network(), training.weights())) {
      var results = new ArrayList<Object>();
      new Trainer(device, bank, settings, data(between), () -> new Reused(0, between), _ -> {}).run()
          .forEach(epoch -> results.addAll(List.of(epoch.training(), epoch.validation())));
      bank.snapshot().tensors().forEach((name, tensor) -> {
        for (float value : tensor.floats()) {
          results.add(value);
        }
      });
      return results;
    }
  }

  @Test
  void trainingAndValidationDoNotWaitForTheCard(@TempDir Path folder) {
    // a checkpoint after each batch waits for it
    var waited =
        new Checkpointing(new CheckpointFile(folder.resolve("checkpoint.safetensors")), 1, Duration.ofHours(1));
    int[] asked = {0};
    List<Object> ahead = train(Optional.empty(), () -> {
      asked[0]++;
      EmulatedCard.requireWorkLeft();
    });
    assertEquals(2 * EPOCHS * (BATCHES - 1), asked[0]);
    assertEquals(train(Optional.of(waited), () -> {}), ahead);
  }

  @Test
  void predictionsAreOfTheirBatch() {
    try (Device device = new CudaBackend().open(new DeviceOptions(1));
        ParameterBank bank = device.load(training.network(), training.weights());
        var evaluator = new Evaluator(device, bank, training.loss())) {
      Scores ahead = evaluator.evaluate(() -> new Reused(0, EmulatedCard::requireWorkLeft));
      var oneByOne = new Scores(1);
      var batches = new Reused(0, () -> {});
      while (batches.hasNext()) {
        Batch batch = batches.next();
        oneByOne.add(0, evaluator.logits(batch), batch.labels());
      }
      assertArrayEquals(oneByOne.probabilities(), ahead.probabilities());
      assertArrayEquals(oneByOne.labels(), ahead.labels());
    }
  }

  /** As where the file of decoded images cannot be read any more; two of them are on their way. */
  @Test
  void imagesThatCannotBeReadLeaveNothingOpen() {
    int side = 2400;
    var failure = new UncheckedIOException(new IOException("a disk that fails"));
    var images = new ByteImages() {
      @Override
      public int count() {
        return 3;
      }

      @Override
      public int height() {
        return side;
      }

      @Override
      public int width() {
        return side;
      }

      @Override
      public void copy(int index, byte[] rgb) {
        if (index == 2) {
          throw failure;
        }
      }
    };
    try (CudaDevice device = CudaDevice.open(new DeviceOptions(1))) {
      Map<String, Integer> before = device.live();
      assertSame(failure, assertThrows(UncheckedIOException.class, () -> device.store(images, List.of())));
      assertEquals(0, failure.getSuppressed().length);
      assertEquals(before, device.live());
    }
  }

  @Test
  void whatArrivesLaterHasItsMemoryUntilThen() {
    try (CudaDevice device = CudaDevice.open(new DeviceOptions(1));
        DeviceMemory memory = device.driver().allocate(Integer.BYTES)) {
      var replies = new Replies(device.driver(), device.stream());
      replies.fetch(memory, 0, Integer.BYTES, ByteBuffer::getInt);
      replies.close();
    }
  }

  @Test
  void whatNobodyHasReadIsLostWithTheDevice() {
    Supplier<Tensor> read;
    Supplier<Tensor> unread;
    try (Device device = new CudaBackend().open(new DeviceOptions(1));
        ParameterBank bank = device.load(training.network(), training.weights());
        Executable infer = device.compile(
            Planner.inference(training.network(), SIZE, device.fusions(), Set.of()), bank)) {
      infer.run(Batch.of(training.batch().images()), RunState.inference());
      read = infer.readLater("head");
      unread = infer.readLater("head");
      read.get();
    }
    assertEquals(Shape.of(SIZE, 1), read.get().shape());
    var e = assertThrows(IllegalStateException.class, unread::get);
    assertTrue(e.getMessage().contains("closed before"), e.getMessage());
  }
}
