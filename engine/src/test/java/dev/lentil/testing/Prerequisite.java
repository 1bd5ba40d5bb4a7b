package dev.lentil.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine, be it data or a program. */
public final class Prerequisite {
  private Prerequisite() {}

  /**
   * Skips the calling test, or fails it when the environment says {@code CI=true}: a build that counts must not pass by
   * skipping.
   *
   * @param message what is absent and the remedy
   */
  public static <T> T absent(String message) {
    return absent(message, System.getenv());
  }

  static <T> T absent(String message, Map<String, String> environment) {
    return "true".equals(environment.get("CI")) ? fail(message) : Assumptions.abort(message);
  }
}
