package dev.lentil.backend.cpu;

import dev.lentil.backend.contract.OperationContract;

class CpuOperationTest extends OperationContract {
  @Override
  protected String backend() {
    return "cpu";
  }
}
