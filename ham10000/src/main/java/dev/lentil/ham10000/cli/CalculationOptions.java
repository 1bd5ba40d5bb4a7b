package dev.lentil.ham10000.cli;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.DeviceChoice;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Precision;
import dev.lentil.ham10000.Devices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * What calculates and in which precision: a mixin for every command that calculates. Where there is a configuration, the options are
 * its settings {@code backend} and {@code precision}, written shorter.
 */
final class CalculationOptions {
  private static final String PROCESSOR = "cpu";
  private static final String DEVICE = "--device";
  private static final String PRECISION = "--precision";

  @Option(names = DEVICE, paramLabel = "NAME",
      description = "Where to calculate: cpu, reference (float64, very slow), cuda, cuda:N (card N), or auto (a card if one can be"
          + " used, otherwise cpu). Default: the configuration's or this command's own, otherwise cpu.")
  private Optional<String> device = Optional.empty();

  @Option(names = PRECISION, paramLabel = "NAME",
      description = "float32; on a card also tf32 or bfloat16. Default: the configuration's, otherwise float32.")
  private Optional<String> precision = Optional.empty();

  /** The name that was given, or else the processor's. */
  String name() {
    return name(PROCESSOR);
  }

  /** @param otherwise where no name was given */
  String name(String otherwise) {
    return device.orElse(otherwise);
  }

  /** What calculates, for a command without a configuration. */
  DeviceChoice choose(Output output) {
    return choose(PROCESSOR, output);
  }

  /** @param otherwise the name where none was given */
  DeviceChoice choose(String otherwise, Output output) {
    try {
      return Devices.of(name(otherwise),
          precision.map(text -> precision(text, output)).map(DeviceOptions.defaults()::withPrecision)
              .orElseGet(DeviceOptions::defaults));
    } catch (BackendException e) {
      throw output.badUsage(DEVICE + ": " + e.getMessage());
    }
  }

  private static Precision precision(String name, Output output) {
    try {
      return Precision.of(name);
    } catch (IllegalArgumentException e) {
      throw output.badUsage(PRECISION + ": " + e.getMessage());
    }
  }

  /**
   * The settings of a configuration with these options among them, for a command that has one.
   *
   * @param assignments {@code key=value} as they were given
   */
  List<String> with(List<String> assignments, Output output) {
    // A name that is none is bad usage here, and not an error in the middle of a run.
    choose(output);
    var all = new ArrayList<>(assignments);
    add(DEVICE, "backend", device, all, output);
    add(PRECISION, "precision", precision, all, output);
    return all;
  }

  private static void add(String option, String key, Optional<String> value, List<String> all, Output output) {
    if (value.isPresent()) {
      String assignment = key + "=" + value.get();
      for (String other : all) {
        String[] parts = other.split("=", 2);
        if (parts[0].strip().equals(key) && !parts[parts.length - 1].strip().equals(value.get())) {
          throw output
              .badUsage(option + " " + value.get() + " contradicts --set " + other + "; leave out one of the two");
        }
      }
      all.add(assignment);
    }
  }
}
