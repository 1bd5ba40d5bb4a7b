package dev.lentil.backend.cpu;

import dev.lentil.backend.contract.OperationContract;
import org.junit.jupiter.api.Tag;

@Tag("species")
class CpuOperationTest extends OperationContract {
  @Override
  protected String backend() {
    return "cpu";
  }
}
