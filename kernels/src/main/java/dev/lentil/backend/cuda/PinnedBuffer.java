package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.driver.PinnedMemory;
import java.util.Optional;

/** Pinned memory that is made anew, and then empty, when more is wanted than there is. */
final class PinnedBuffer implements AutoCloseable {
  private final Driver driver;
  private Optional<PinnedMemory> memory = Optional.empty();

  PinnedBuffer(Driver driver) {
    this.driver = driver;
  }

  /** At least so many bytes. */
  PinnedMemory ofSize(int bytes) {
    if (memory.map(PinnedMemory::bytes).filter(b -> b.capacity() >= bytes).isEmpty()) {
      close();
      memory = Optional.of(driver.pinned(bytes));
    }
    return memory.orElseThrow();
  }

  /** What there is; nothing before the first use and after {@link #close()}. */
  Optional<PinnedMemory> memory() {
    return memory;
  }

  @Override
  public void close() {
    Optional<PinnedMemory> old = memory;
    memory = Optional.empty();
    old.ifPresent(PinnedMemory::close);
  }
}
