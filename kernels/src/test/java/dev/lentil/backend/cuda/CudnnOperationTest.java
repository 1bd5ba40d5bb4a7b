package dev.lentil.backend.cuda;

import dev.lentil.backend.contract.OperationContract;
import dev.lentil.backend.cuda.emulation.CudnnFor;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With all that cuDNN can do. */
class CudnnOperationTest extends OperationContract {
  @RegisterExtension
  static final CudnnFor ALL = new CudnnFor("all");

  @Override
  protected String backend() {
    return "cuda";
  }

  /** cuDNN adds in an order of its own; the emulated one adds pixel after pixel in float32. */
  @Override
  protected double poolingLimit() {
    return 1e-4;
  }
}
