package dev.lentil.ham10000.data;

import java.util.Optional;

/** Where data lies unless told otherwise: property {@code lentil.data}, else environment {@code LENTIL_DATA}, else ../shared/data. */
public final class DataFolder {
  private DataFolder() {}

  public static String path() {
    return Optional.ofNullable(System.getProperty("lentil.data")).filter(s -> !s.isBlank())
        .or(() -> Optional.ofNullable(System.getenv("LENTIL_DATA")).filter(s -> !s.isBlank()))
        .orElse("../shared/data");
  }
}
