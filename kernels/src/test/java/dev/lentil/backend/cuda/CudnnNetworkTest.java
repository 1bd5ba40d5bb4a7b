package dev.lentil.backend.cuda;

import dev.lentil.backend.contract.NetworkContract;
import dev.lentil.backend.cuda.emulation.CudnnFor;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With all that cuDNN can do. */
class CudnnNetworkTest extends NetworkContract {
  @RegisterExtension
  static final CudnnFor ALL = new CudnnFor("all");

  @Override
  protected String backend() {
    return "cuda";
  }
}
