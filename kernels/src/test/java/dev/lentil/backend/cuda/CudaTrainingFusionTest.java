package dev.lentil.backend.cuda;

import dev.lentil.backend.contract.TrainingFusionContract;
import dev.lentil.backend.cuda.emulation.OnCard;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnCard.class)
class CudaTrainingFusionTest extends TrainingFusionContract {
  @Override
  protected String backend() {
    return "cuda";
  }
}
