package dev.lentil.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class PrerequisiteTest {
  @Test
  void skipsButFailsInCi() {
    var e = assertThrows(TestAbortedException.class, () -> Prerequisite.absent("no env", Map.of()));
    assertEquals("no env", e.getMessage());
    assertThrows(TestAbortedException.class, () -> Prerequisite.absent("no env", Map.of("CI", "false")));
    var failure =
        assertThrows(AssertionFailedError.class, () -> Prerequisite.absent("no env", Map.of("CI", "true")));
    assertEquals("no env", failure.getMessage());
  }
}
