package dev.lentil.backend;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A card's backend, and in its place the processor's where the card cannot be opened; a log line then says why. */
final class FallbackBackend implements Backend {
  /** What was logged, so that who opens several devices reads it once. */
  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

  private final Backend card;
  private final Backend processor;

  FallbackBackend(Backend card, Backend processor) {
    this.card = card;
    this.processor = processor;
  }

  @Override
  public String name() {
    return "auto";
  }

  @Override
  public Availability probe() {
    Availability answer = card.probe();
    return answer instanceof Availability.Available ? answer : processor.probe();
  }

  @Override
  public Device open(DeviceOptions options) {
    try {
      return card.open(options);
    } catch (RuntimeException | LinkageError e) {
      // Whatever a broken installation does: the processor needs nothing of it.
      String line = "auto: the processor calculates, since " + card.name() + " cannot be opened ("
          + (e instanceof BackendException ? e.getMessage() : e) + "). `lentil doctor` shows all that is missing";
      if (LOGGED.add(line)) {
        System.getLogger("dev.lentil").log(Level.WARNING, line);
      }
      return processor.open(options);
    }
  }
}
