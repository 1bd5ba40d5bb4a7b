package dev.lentil.backend.cuda.emulation;

import dev.lentil.backend.cuda.dnn.CudnnChoice;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** {@link OnCard}, with some operations done by cuDNN while the tests of a class run. */
public final class CudnnFor extends OnCard implements AfterAllCallback {
  private final String operations;
  private Optional<String> before = Optional.empty();

  /** @param operations as {@link CudnnChoice#PROPERTY} has them */
  public CudnnFor(String operations) {
    this.operations = operations;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    super.beforeAll(context);
    before = Optional.ofNullable(System.getProperty(CudnnChoice.PROPERTY));
    System.setProperty(CudnnChoice.PROPERTY, operations);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    before.ifPresentOrElse(value -> System.setProperty(CudnnChoice.PROPERTY, value),
        () -> System.clearProperty(CudnnChoice.PROPERTY));
  }
}
