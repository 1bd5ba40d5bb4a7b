package dev.lentil.backend.cuda;

import dev.lentil.backend.contract.FusionContract;
import dev.lentil.backend.cuda.emulation.CudnnFor;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lentil's kernels after cuDNN's convolutions. */
class CudnnFusionTest extends FusionContract {
  @RegisterExtension
  static final CudnnFor CONVOLUTIONS = new CudnnFor("convolution,pointwise");

  @Override
  protected String backend() {
    return "cuda";
  }
}
