package dev.lentil.bench.memory;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.bench.compare.JavaProcess;
import dev.lentil.ham10000.UserError;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class WatchedTest {
  private static final int MEGA = 1_000_000;

  /** Holds as many megabytes as it is told for a moment; none is a failure. */
  static final class Holder {
    public static void main(String[] args) throws InterruptedException {
      byte[] held = new byte[Integer.parseInt(args[0]) * MEGA];
      if (held.length == 0) {
        throw new IllegalArgumentException("nothing to hold");
      }
      Arrays.fill(held, (byte) 1);
      Thread.sleep(100);
      System.out.println(held[held.length / 2]);
    }
  }

  private static long peak(int megabytes) {
    try (var process = new JavaProcess(Holder.class, List.of(Integer.toString(megabytes)))) {
      return Watched.of(process.builder(), "holder").bytes();
    }
  }

  @Test
  void whatAProcessHoldsIsCounted() {
    long little = peak(1);
    long much = peak(300);
    assertTrue(little > 10 * MEGA, "a Java machine takes some: " + little);
    assertTrue(much - little > 250 * MEGA, "much " + much + ", little " + little);
  }

  @Test
  void aProcessThatFailsIsAnErrorWithItsMessage() {
    var error = assertThrows(UserError.class, () -> peak(0));
    assertTrue(error.getMessage().startsWith("holder failed: ") && error.getMessage().contains("nothing to hold"),
        error.getMessage());
  }
}
