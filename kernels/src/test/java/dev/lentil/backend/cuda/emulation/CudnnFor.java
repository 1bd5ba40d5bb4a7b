package dev.lentil.backend.cuda.emulation;

import dev.lentil.backend.cuda.dnn.CudnnChoice;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets cuDNN do some operations while the tests of a class run, on the emulated card or a true one, and checks that nothing
 * is left open.
 */
public final class CudnnFor implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final String operations;
  private Optional<String> before = Optional.empty();

  /** @param operations as {@link CudnnChoice#PROPERTY} has them */
  public CudnnFor(String operations) {
    this.operations = operations;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    EmulatedCard.install();
    before = Optional.ofNullable(System.getProperty(CudnnChoice.PROPERTY));
    System.setProperty(CudnnChoice.PROPERTY, operations);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    EmulatedCard.requireNothingLive();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    before.ifPresentOrElse(value -> System.setProperty(CudnnChoice.PROPERTY, value),
        () -> System.clearProperty(CudnnChoice.PROPERTY));
  }
}
