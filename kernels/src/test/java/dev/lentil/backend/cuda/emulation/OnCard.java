package dev.lentil.backend.cuda.emulation;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs the tests of a class on the emulated card, or a true one, and checks after each that nothing is left open. It does so
 * after the class's own {@code @AfterEach}.
 */
public class OnCard implements BeforeAllCallback, AfterEachCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    EmulatedCard.install();
  }

  @Override
  public final void afterEach(ExtensionContext context) {
    EmulatedCard.requireNothingLive();
  }
}
