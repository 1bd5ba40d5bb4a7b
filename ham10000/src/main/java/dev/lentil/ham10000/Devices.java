package dev.lentil.ham10000;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Backends;
import dev.lentil.backend.DeviceChoice;
import dev.lentil.backend.DeviceOptions;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What calculates, from the name that a user gives. */
public final class Devices {
  /** The backend on graphics cards, and what takes one by itself. */
  private static final String CARDS = "cuda";
  private static final String AUTO = "auto";

  /** What was logged, so that who opens several devices reads it once. */
  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

  private Devices() {}

  /** Whether the program was started with what works on graphics cards. */
  public static boolean cardsLoaded() {
    return Backends.all().stream().anyMatch(backend -> backend.name().equals(CARDS));
  }

  /**
   * As {@link DeviceChoice#of}. Where the processor is taken though there seems to be a card, a log line says so.
   *
   * @throws BackendException if the name is none
   * @throws UserError if it is a graphics card's, and the program was started without what works on those
   */
  public static DeviceChoice of(String name, DeviceOptions options) {
    return of(name, options, NvidiaCard::sign);
  }

  /**
   * Requires a name that {@link #of} knows, a graphics card's also where the program was started without what works on those.
   *
   * @throws BackendException if the name is none
   */
  public static void requireName(String name) {
    if (!isCard(name)) {
      DeviceChoice.of(name, DeviceOptions.defaults());
    }
  }

  private static boolean isCard(String name) {
    return name.matches(CARDS + "(:[0-9]{1,4})?");
  }

  /** @param card a file that shows that there is one, asked for only where it counts */
  static DeviceChoice of(String name, DeviceOptions options, Supplier<Optional<Path>> card) {
    if (name.equals(AUTO) && !cardsLoaded()) {
      card.get().map(Devices::leftOut).filter(LOGGED::add)
          .ifPresent(line -> System.getLogger("dev.lentil").log(Level.WARNING, line));
    }
    try {
      return DeviceChoice.of(name, options);
    } catch (BackendException e) {
      if (isCard(name) && !cardsLoaded()) {
        throw new UserError(e.getMessage() + "; for a graphics card " + NvidiaCard.HOW_TO_LOAD, e);
      }
      throw e;
    }
  }

  /** Why {@code auto} takes the processor, where a file shows that there is a card. */
  private static String leftOut(Path sign) {
    return "auto: the processor calculates, though this machine seems to have an NVIDIA card (" + sign
        + "), since the CUDA backend is not loaded: " + NvidiaCard.HOW_TO_LOAD;
  }
}
