package dev.lentil.backend;

/** The answer of {@link Backend#probe()}. */
public sealed interface Availability {
  /** It can run; {@code detail} says on what. */
  record Available(String detail) implements Availability {}

  /** It cannot run; {@code reason} says why, and the remedy. */
  record Unavailable(String reason) implements Availability {}
}
