package dev.lentil.backend.cuda.driver;

import java.util.Map;
import java.util.TreeMap;

/** Counts what was made on a card and not given back. */
public final class Ledger {
  private final Map<String, Integer> live = new TreeMap<>();

  Ledger() {}

  public synchronized void opened(String kind) {
    live.merge(kind, 1, Integer::sum);
  }

  public synchronized void closed(String kind) {
    live.computeIfPresent(kind, (_, count) -> count == 1 ? null : count - 1);
  }

  /** What is open, by kind; empty if nothing is. */
  synchronized Map<String, Integer> live() {
    return new TreeMap<>(live);
  }
}
