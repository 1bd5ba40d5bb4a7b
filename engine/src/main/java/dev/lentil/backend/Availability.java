package dev.lentil.backend;

import java.util.List;

/** The answer of {@link Backend#probe()}. */
public sealed interface Availability {
  /** What was found of each part; none of a backend that has no parts. */
  List<Finding> parts();

  /** It can run; {@code detail} says on what. */
  record Available(String detail, List<Finding> parts) implements Availability {
    public Available(String detail) {
      this(detail, List.of());
    }
  }

  /** It cannot run; {@code reason} says why, and the remedy. */
  record Unavailable(String reason, List<Finding> parts) implements Availability {
    public Unavailable(String reason) {
      this(reason, List.of());
    }
  }
}
