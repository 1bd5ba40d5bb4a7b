package dev.lentil.backend.cpu;

import dev.lentil.backend.contract.StateContract;

class CpuStateTest extends StateContract {
  @Override
  protected String backend() {
    return "cpu";
  }
}
