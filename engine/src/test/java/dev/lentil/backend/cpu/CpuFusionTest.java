package dev.lentil.backend.cpu;

import dev.lentil.backend.contract.FusionContract;
import org.junit.jupiter.api.Tag;

@Tag("species")
class CpuFusionTest extends FusionContract {
  @Override
  protected String backend() {
    return "cpu";
  }
}
