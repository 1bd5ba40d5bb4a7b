package dev.lentil.backend.cpu;

import dev.lentil.backend.contract.StateContract;
import org.junit.jupiter.api.Tag;

@Tag("species")
class CpuStateTest extends StateContract {
  @Override
  protected String backend() {
    return "cpu";
  }
}
