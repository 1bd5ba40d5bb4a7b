package dev.lentil.backend.cpu;

import dev.lentil.backend.contract.FusionContract;

class CpuFusionTest extends FusionContract {
  @Override
  protected String backend() {
    return "cpu";
  }
}
