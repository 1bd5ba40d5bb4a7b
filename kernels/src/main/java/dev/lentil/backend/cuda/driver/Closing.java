package dev.lentil.backend.cuda.driver;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what it was given, the last first; what fails does not keep the others open. */
public final class Closing implements AutoCloseable {
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();

  /** @param resource whose closing throws no checked exception */
  public <T extends AutoCloseable> T add(T resource) {
    owned.push(resource);
    return resource;
  }

  /**
   * Closes what something that failed leaves behind. That failure stays the one that counts, even if closing fails too, as it does
   * on a card that is lost.
   */
  public static void after(Throwable failure, AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    RuntimeException first = new IllegalStateException("closing failed");
    boolean failed = false;
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (RuntimeException e) {
        if (failed) {
          first.addSuppressed(e);
        } else {
          first = e;
        }
        failed = true;
      } catch (Exception e) {
        throw new AssertionError("nothing here throws a checked exception", e);
      }
    }
    if (failed) {
      throw first;
    }
  }
}
