package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.ham10000.UserError;
import dev.lentil.train.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContinuationTest {
  private static void requireAhead(String setting, Position at) {
    Continuation.requireAhead(config("stage1.epochs=5", "stage2.epochs=5"),
        config("stage1.epochs=5", "stage2.epochs=5", setting), at);
  }

  private static TrainingConfig config(String... settings) {
    return TrainingConfig.of(List.of(), List.of(settings));
  }

  @Test
  void aStageKeepsTheEpochsThatItHas() {
    requireAhead("stage2.epochs=2", new Position(1, 4, 7));
    requireAhead("stage2.epochs=2", new Position(2, 3, 0));
    requireAhead("stage2.epochs=3", new Position(2, 3, 7));
    requireAhead("stage1.epochs=3", new Position(1, 4, 0));
    var inside = assertThrows(UserError.class, () -> requireAhead("stage2.epochs=2", new Position(2, 3, 7)));
    assertEquals("stage2.epochs 2: this run has begun epoch 3 of stage 2; leave it at 3 or more, or start a new run",
        inside.getMessage());
    assertThrows(UserError.class, () -> requireAhead("stage1.epochs=2", new Position(1, 4, 0)));
    assertThrows(UserError.class, () -> requireAhead("stage2.epochs=0", new Position(2, 1, 7)));
    requireAhead("stage2.epochs=0", new Position(2, 1, 0));
  }

  @Test
  void whatIsDoneIsLeftAsItIs() {
    requireAhead("stage2.learning-rate=1e-3", new Position(2, 3, 7));
    assertThrows(UserError.class, () -> requireAhead("stage1.epochs=6", new Position(2, 1, 0)));
    assertThrows(UserError.class, () -> requireAhead("stage2.epochs=6", new Position(3, 1, 0)));
  }
}
