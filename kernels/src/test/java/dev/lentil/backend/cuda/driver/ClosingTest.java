package dev.lentil.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
  private final List<String> closed = new ArrayList<>();

  private AutoCloseable named(String name) {
    return () -> closed.add(name);
  }

  private AutoCloseable failing(RuntimeException failure) {
    return () -> {
      closed.add(failure.getMessage());
      throw failure;
    };
  }

  @Test
  void theLastIsClosedFirstAndWhatFailsKeepsNothingOpen() {
    var first = new IllegalStateException("third");
    var second = new IllegalStateException("second");
    var closing = new Closing();
    closing.add(named("first"));
    closing.add(failing(second));
    closing.add(failing(first));
    assertSame(first, assertThrows(IllegalStateException.class, closing::close));
    assertArrayEquals(new Throwable[] {second}, first.getSuppressed());
    assertEquals(List.of("third", "second", "first"), closed);
    closing.close();
    assertEquals(3, closed.size(), "closed once");
  }

  @Test
  void whatFailedFirstIsWhatCounts() {
    var cause = new AssertionError("cause");
    Closing.after(cause, named("one"));
    var effect = new IllegalStateException("two");
    Closing.after(cause, failing(effect));
    assertEquals(List.of("one", "two"), closed);
    assertArrayEquals(new Throwable[] {effect}, cause.getSuppressed());
  }
}
