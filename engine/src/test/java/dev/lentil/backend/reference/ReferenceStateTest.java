package dev.lentil.backend.reference;

import dev.lentil.backend.contract.StateContract;

class ReferenceStateTest extends StateContract {
  @Override
  protected String backend() {
    return "reference";
  }
}
