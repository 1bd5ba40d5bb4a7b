package dev.lentil.backend.cuda;

import dev.lentil.backend.contract.FusionContract;
import dev.lentil.backend.cuda.emulation.OnCard;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnCard.class)
class CudaFusionTest extends FusionContract {
  @Override
  protected String backend() {
    return "cuda";
  }
}
