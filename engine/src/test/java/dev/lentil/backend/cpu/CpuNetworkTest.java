package dev.lentil.backend.cpu;

import dev.lentil.backend.contract.NetworkContract;
import org.junit.jupiter.api.Tag;

@Tag("species")
class CpuNetworkTest extends NetworkContract {
  @Override
  protected String backend() {
    return "cpu";
  }
}
