package dev.lentil.backend.cuda;

import dev.lentil.backend.contract.StateContract;
import dev.lentil.backend.cuda.driver.BindingChoice;
import dev.lentil.backend.cuda.emulation.OnCard;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** cuBLAS and NVRTC through the Foreign Function and Memory API instead of JCuda, on the emulated card. */
@ExtendWith(OnCard.class)
class NativeBindingsTest extends StateContract {
  @BeforeAll
  static void refuseJCuda() {
    System.setProperty(BindingChoice.PROPERTY, "native");
  }

  @AfterAll
  static void allowJCuda() {
    System.clearProperty(BindingChoice.PROPERTY);
  }

  @Override
  protected String backend() {
    return "cuda";
  }
}
