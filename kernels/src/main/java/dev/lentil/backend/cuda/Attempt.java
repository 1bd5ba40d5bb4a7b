package dev.lentil.backend.cuda;

import dev.lentil.backend.BackendException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What came of something that fails where an installation is incomplete or broken.
 *
 * @param result empty if it failed
 * @param problem what went wrong and the remedy; empty if nothing did
 */
record Attempt<T>(Optional<T> result, String problem) {
  /** Does it; throws nothing, whatever a broken installation does. */
  static <T> Attempt<T> of(Supplier<T> work) {
    try {
      return new Attempt<>(Optional.of(work.get()), "");
    } catch (BackendException e) {
      return new Attempt<>(Optional.empty(), e.getMessage());
    } catch (LinkageError | RuntimeException e) {
      // A class whose first use fails wraps what its loading said.
      return new Attempt<>(Optional.empty(), Stream.iterate(e, Objects::nonNull, Throwable::getCause)
          .filter(BackendException.class::isInstance).map(Throwable::getMessage).findFirst()
          .orElseGet(() -> "the CUDA libraries of this machine cannot be used (" + e
              + "). Set LENTIL_CUDA_PATH to the folder of a working installation"));
    }
  }

  boolean failed() {
    return result.isEmpty();
  }
}
