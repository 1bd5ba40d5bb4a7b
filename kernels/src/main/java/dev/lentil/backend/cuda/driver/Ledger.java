package dev.lentil.backend.cuda.driver;

import java.util.Map;
import java.util.TreeMap;

/** Counts what was made on a card and not given back. */
public final class Ledger {
  /** What is open on all cards of this process. */
  private static final Ledger ALL = new Ledger();

  private final Map<String, Integer> live = new TreeMap<>();

  Ledger() {}

  public synchronized void opened(String kind) {
    live.merge(kind, 1, Integer::sum);
    if (this != ALL) {
      ALL.opened(kind);
    }
  }

  public synchronized void closed(String kind) {
    live.computeIfPresent(kind, (_, count) -> count == 1 ? null : count - 1);
    if (this != ALL) {
      ALL.closed(kind);
    }
  }

  /** What is open on all cards together, by kind; empty once all that was opened is closed. */
  public static Map<String, Integer> everywhere() {
    return ALL.live();
  }

  /** What is open, by kind; empty if nothing is. */
  synchronized Map<String, Integer> live() {
    return new TreeMap<>(live);
  }
}
