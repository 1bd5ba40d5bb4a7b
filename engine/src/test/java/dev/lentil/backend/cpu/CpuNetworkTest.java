package dev.lentil.backend.cpu;

import dev.lentil.backend.contract.NetworkContract;

class CpuNetworkTest extends NetworkContract {
  @Override
  protected String backend() {
    return "cpu";
  }
}
