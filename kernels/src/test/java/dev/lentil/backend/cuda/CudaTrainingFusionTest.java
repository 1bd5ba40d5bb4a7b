package dev.lentil.backend.cuda;

import dev.lentil.backend.contract.TrainingFusionContract;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** On the emulated card. */
class CudaTrainingFusionTest extends TrainingFusionContract {
  @BeforeAll
  static void card() {
    EmulatedCard.install();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    EmulatedCard.requireNothingLive();
  }

  @Override
  protected String backend() {
    return "cuda";
  }
}
