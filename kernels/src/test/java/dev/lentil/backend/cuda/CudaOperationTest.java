package dev.lentil.backend.cuda;

import dev.lentil.backend.contract.OperationContract;
import dev.lentil.backend.cuda.emulation.OnCard;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnCard.class)
class CudaOperationTest extends OperationContract {
  @Override
  protected String backend() {
    return "cuda";
  }
}
