package dev.lentil.ham10000.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@link Settings} read as numbers, choices and truths; what cannot be read, or is out of range, is an error that names where it
 * was given.
 */
record TypedSettings(Settings settings) {
  /** Text that is not blank. */
  String text(Setting setting, String remedy) {
    String value = settings.text(setting);
    if (value.isBlank()) {
      throw settings.error(setting, remedy);
    }
    return value;
  }

  long whole(Setting setting, long least, long most) {
    String remedy = "use a whole number from " + least + " to " + most;
    try {
      long value = Long.parseLong(settings.text(setting));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw settings.error(setting, remedy, e);
    }
    throw settings.error(setting, remedy);
  }

  double rate(Setting setting) {
    return real(setting, r -> r > 0 && r <= 10, "use a number above 0, such as 1e-4");
  }

  double real(Setting setting, DoublePredicate possible, String remedy) {
    try {
      double value = Double.parseDouble(settings.text(setting));
      // false for NaN whatever is asked
      if (possible.test(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw settings.error(setting, remedy, e);
    }
    throw settings.error(setting, remedy);
  }

  boolean truth(Setting setting) {
    return switch (settings.text(setting)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw settings.error(setting, "use true or false");
    };
  }

  <T> T choice(Setting setting, T[] values, Function<T, String> name) {
    return Arrays.stream(values).filter(value -> name.apply(value).equals(settings.text(setting))).findFirst()
        .orElseThrow(() -> settings.error(setting,
            "use one of " + Arrays.stream(values).map(name).collect(Collectors.joining(", "))));
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
