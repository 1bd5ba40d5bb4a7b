package dev.lentil.backend.cuda;

import dev.lentil.backend.contract.NetworkContract;
import dev.lentil.backend.cuda.emulation.OnCard;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnCard.class)
class CudaNetworkTest extends NetworkContract {
  @Override
  protected String backend() {
    return "cuda";
  }
}
