package dev.lentil.backend.cuda;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.Driver;
import java.util.Optional;

/**
 * The memory that all executables of a card use in turn: one piece for a plan's values, one as scratch for a single step.
 * It grows when a plan needs more, and then every address changes: {@link #generation()} says so.
 */
final class SharedMemory implements AutoCloseable {
  private final Driver driver;
  private final Piece values = new Piece();
  private final Piece scratch = new Piece();
  private long generation;

  /** One piece of memory. */
  private static final class Piece {
    private Optional<DeviceMemory> memory = Optional.empty();
    private long needed;

    private long size() {
      return memory.map(DeviceMemory::bytes).orElse(0L);
    }
  }

  SharedMemory(Driver driver) {
    this.driver = driver;
  }

  /** Rises whenever addresses have changed. */
  long generation() {
    return generation;
  }

  /** The address of at least {@code bytes} for a plan's values; meaningless if {@link #settle()} then says that it grew. */
  long values(long bytes) {
    return address(values, bytes);
  }

  /** The same for scratch, whose content no step may expect from another. */
  long scratch(long bytes) {
    return address(scratch, bytes);
  }

  /** The values themselves, for copies. */
  DeviceMemory values() {
    return values.memory.orElseThrow(() -> new IllegalStateException("nothing has run yet"));
  }

  private static long address(Piece piece, long bytes) {
    piece.needed = Math.max(piece.needed, bytes);
    return piece.memory.map(DeviceMemory::address).orElse(0L);
  }

  /**
   * Makes what was asked for available.
   *
   * @return whether it had to grow, so that all addresses must be asked for again
   */
  boolean settle() {
    if (values.needed <= values.size() && scratch.needed <= scratch.size()) {
      return false;
    }
    // Even if it fails: what is given back first is gone then.
    generation++;
    try {
      grow(values);
      grow(scratch);
    } catch (BackendException e) {
      // A plan that was too large must not burden those after it.
      values.needed = values.size();
      scratch.needed = scratch.size();
      throw e;
    }
    return true;
  }

  private void grow(Piece piece) {
    if (piece.needed > piece.size()) {
      // First back, then anew, so that both need not fit at once.
      piece.memory.ifPresent(DeviceMemory::close);
      piece.memory = Optional.empty();
      piece.memory = Optional.of(driver.allocate(piece.needed));
    }
  }

  @Override
  public void close() {
    try (var owned = new Closing()) {
      for (Piece piece : new Piece[] {values, scratch}) {
        piece.memory.ifPresent(owned::add);
        piece.memory = Optional.empty();
      }
    }
  }
}
