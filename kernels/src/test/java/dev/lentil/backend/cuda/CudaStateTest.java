package dev.lentil.backend.cuda;

import dev.lentil.backend.contract.StateContract;
import dev.lentil.backend.cuda.emulation.OnCard;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnCard.class)
class CudaStateTest extends StateContract {
  @Override
  protected String backend() {
    return "cuda";
  }
}
