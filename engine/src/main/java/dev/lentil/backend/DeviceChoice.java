package dev.lentil.backend;

import java.util.Arrays;
import java.util.Optional;

/**
 * A backend and what to open it with, from the name that a user gives: {@code cpu}, {@code reference}, {@code cuda},
 * {@code cuda:1} for the second card, or {@code auto} for the first card if it can be opened and the processor otherwise.
 */
public record DeviceChoice(Backend backend, DeviceOptions options) {
  private static final String AUTO = "auto";
  private static final String CPU = "cpu";

  /** What {@code auto} prefers to the processor, the best first. */
  private static final String[] CARDS = {"cuda"};

  /**
   * @param name as above
   * @param options the rest of what the user chose
   * @throws BackendException if there is no such backend, or the number of the card is none
   */
  public static DeviceChoice of(String name, DeviceOptions options) {
    if (name.equals(AUTO)) {
      return automatic(options);
    }
    int colon = name.indexOf(':');
    if (colon < 0) {
      return new DeviceChoice(Backends.named(name), options);
    }
    String card = name.substring(colon + 1);
    if (!card.matches("[0-9]{1,4}")) {
      throw new BackendException("'" + name + "' names no card: write cuda:0 for the first one");
    }
    return new DeviceChoice(Backends.named(name.substring(0, colon)), options.withCard(Integer.parseInt(card)));
  }

  private static DeviceChoice automatic(DeviceOptions options) {
    Backend processor = Backends.named(CPU);
    Optional<Backend> card = Arrays.stream(CARDS)
        .flatMap(name -> Backends.all().stream().filter(backend -> backend.name().equals(name))).findFirst();
    return new DeviceChoice(card.<Backend>map(found -> new FallbackBackend(found, processor)).orElse(processor),
        options);
  }

  /** Opens it. */
  public Device open() {
    return backend.open(options);
  }
}
