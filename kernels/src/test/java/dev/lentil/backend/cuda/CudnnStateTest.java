package dev.lentil.backend.cuda;

import dev.lentil.backend.contract.StateContract;
import dev.lentil.backend.cuda.emulation.CudnnFor;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With all that cuDNN can do. */
class CudnnStateTest extends StateContract {
  @RegisterExtension
  static final CudnnFor ALL = new CudnnFor("all");

  @Override
  protected String backend() {
    return "cuda";
  }
}
