package dev.lentil.backend.cuda;

import dev.lentil.backend.contract.StateContract;
import dev.lentil.backend.cuda.driver.BindingChoice;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** cuBLAS and NVRTC through the Foreign Function and Memory API instead of JCuda, on the emulated card. */
class NativeBindingsTest extends StateContract {
  @BeforeAll
  static void refuseJCuda() {
    EmulatedCard.install();
    System.setProperty(BindingChoice.PROPERTY, "native");
  }

  @AfterAll
  static void allowJCuda() {
    System.clearProperty(BindingChoice.PROPERTY);
  }

  @AfterEach
  void nothingIsLeftOpen() {
    EmulatedCard.requireNothingLive();
  }

  @Override
  protected String backend() {
    return "cuda";
  }
}
