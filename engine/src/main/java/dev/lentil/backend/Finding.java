package dev.lentil.backend;

import java.util.Map;

/**
 * What {@link Backend#probe()} found of one thing that a backend needs or can use: a driver, a card, a library.
 *
 * @param part its name: {@code driver}, {@code cuda:0}, {@code cuBLAS}
 * @param text for people: version and place, or what is missing and the remedy
 * @param facts the same for programs, by name: text, numbers, lists, booleans
 */
public record Finding(String part, State state, String text, Map<String, Object> facts) {
  /** What it is worth to the backend. */
  public enum State {
    /** It works. */
    READY,
    /** It is missing or does not work, and the backend, or this card, cannot run without. */
    FAILS,
    /** It is not there or not wanted, and not necessary. */
    UNUSED
  }
}
