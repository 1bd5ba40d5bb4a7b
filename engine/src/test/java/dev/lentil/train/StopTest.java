package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that stop before their end: asked to, or because their numbers went astray. */
class StopTest {
  private static final Consumer<TrainingEvent> SILENT = _ -> {};
  private static final String BACKEND = TinyRun.backends().findFirst().orElseThrow();

  @TempDir
  Path folder;

  private static TinyRun tiny() {
    return new TinyRun(1, 2, 10, FinalWeights.LAST, 1).withAveraging();
  }

  private static BiConsumer<Trainer, TrainingEvent> stopAt(int number) {
    int[] events = {0};
    return (trainer, _) -> {
      if (events[0]++ == number) {
        trainer.stop();
      }
    };
  }

  @Test
  void stoppedAtAnyEventItGoesOnToTheSameBits() {
    var whole = tiny().run(BACKEND, Optional.empty(), SILENT);
    var events = new ArrayList<TrainingEvent>();
    tiny().run(BACKEND, Optional.empty(), events::add);
    assertEquals(2 * (1 + 2 * (3 + 1) + 1), events.size());
    for (int i = 0; i < events.size(); i++) {
      Path file = folder.resolve(i + ".safetensors");
      // rarely, so that the checkpoint is there only because the run was stopped
      var settings = rarely(tiny().settings(Optional.of(file)));
      int at = i;
      var e = assertThrows(StoppedException.class,
          () -> tiny().run(BACKEND, settings, tiny().validation(), stopAt(at)));
      Position reached = Checkpoint.read(file).position();
      assertEquals("stopped in stage " + reached.stage() + ", epoch " + reached.epoch() + ", after " + reached.batch()
          + " batches", e.getMessage());
      if (events.get(i) instanceof TrainingEvent.BatchDone) {
        // the batch after it has been given to the device
        Position p = events.get(i).position();
        assertEquals(new Position(p.stage(), p.epoch(), Math.min(p.batch() + 1, 3)), reached);
      }
      var resumed = tiny().run(BACKEND, Optional.of(file), SILENT);
      assertTrue(whole.sameBits(resumed), "weights differ, stopped at " + events.get(i));
      assertEquals(whole.numbers(), resumed.numbers());
    }
  }

  private static Trainer.Settings rarely(Trainer.Settings settings) {
    return new Trainer.Settings(settings.seed(), settings.stages(), settings.auc(), settings.checkpointing()
        .map(c -> new Checkpointing(c.file(), Integer.MAX_VALUE, c.every())));
  }

  /** It is the averaged weights that are validated, and those without that the epoch after a stage's first goes on from. */
  @Test
  void stoppedInAValidationItIsValidatedAnew() {
    var whole = tiny().run(BACKEND, Optional.empty(), SILENT);
    for (int stopped = 1; stopped <= 4; stopped++) {
      Path file = folder.resolve(stopped + ".safetensors");
      var settings = rarely(tiny().settings(Optional.of(file)));
      var trainers = new Trainer[1];
      int[] left = {stopped};
      EvaluationData validation = () -> {
        if (--left[0] == 0) {
          trainers[0].stop();
        }
        return tiny().validation().open();
      };
      assertThrows(StoppedException.class,
          () -> tiny().run(BACKEND, settings, validation, (trainer, _) -> trainers[0] = trainer));
      assertEquals(new Position((stopped + 1) / 2, 2 - stopped % 2, 3), Checkpoint.read(file).position());
      var resumed = tiny().run(BACKEND, Optional.of(file), SILENT);
      assertTrue(whole.sameBits(resumed), "weights differ");
      assertEquals(whole.numbers(), resumed.numbers());
    }
  }

  /** A rate so high that the weights overflow: the loss of the step before is still a number. */
  @Test
  void noCheckpointHoldsWhatIsNoNumberAndALowerRateGoesOn() {
    Path file = folder.resolve("checkpoint.safetensors");
    var settings = tiny().settings(Optional.of(file));
    var wild = withRate(settings, 1e38);
    var e = assertThrows(DivergedException.class,
        () -> tiny().run(BACKEND, wild, tiny().validation(), (_, _) -> {}));
    assertEquals(2, e.stage());
    assertTrue(e.getMessage().contains("stage 2 (fine-tuning), epoch 1")
        && e.getMessage().contains("lower the learning rate (1.0E38)"), e.getMessage());
    var checkpoint = Checkpoint.read(file);
    // the one within the epoch holds the weights after the step that was too large
    assertEquals(new Position(2, 1, 0), checkpoint.position());
    checkpoint.tensors().forEach((name, tensor) -> assertTrue(tensor.isFinite(), name));
    var result = tiny().run(BACKEND, withRate(settings, 1e-4), tiny().validation(), (_, _) -> {});
    assertEquals(4, result.history().size());
    assertEquals(1e-4, result.history().getLast().learningRate());
  }

  private static Trainer.Settings withRate(Trainer.Settings settings, double rate) {
    Stage last = settings.stages().getLast();
    return new Trainer.Settings(settings.seed(),
        List.of(settings.stages().getFirst(), new Stage(last.name(), last.spec(), last.epochs(),
            new Schedule.Constant(rate), last.stopping(), last.finalWeights(), last.averaging())),
        settings.auc(), settings.checkpointing());
  }
}
