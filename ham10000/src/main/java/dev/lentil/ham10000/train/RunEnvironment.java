package dev.lentil.ham10000.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a run runs, for {@code environment.json} and the report. */
public final class RunEnvironment {
  /** What makes the last bits of a result; a device's number of threads does not. */
  private static final List<String> BITS = List.of("lentil", "git_revision", "java", "cpu", "backend", "device");

  /** Under which the parts of a run that went on under other conditions are told. */
  private static final String CONTINUED = "continued";

  private RunEnvironment() {}

  /**
   * @param device the device's description of itself
   */
  static Map<String, String> describe(Program program, TrainingConfig config, String device) {
    var facts = new LinkedHashMap<String, String>();
    facts.put("lentil", program.version());
    facts.put("git_revision", program.revision());
    facts.put("java",
        Runtime.version() + ", " + System.getProperty("java.vm.name") + ", " + System.getProperty("java.vendor"));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
        + System.getProperty("os.arch"));
    facts.put("cpu", cpu());
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("threads", Integer.toString(config.deviceOptions().threads()));
    facts.put("backend", config.backend());
    facts.put("device", device);
    return facts;
  }

  /** What differs between two parts of a run and can change the bits of the result, a line each. */
  static List<String> differences(Map<String, String> before, Map<String, String> now) {
    return BITS.stream().filter(key -> before.containsKey(key) && !bits(before.get(key)).equals(bits(now.get(key))))
        .map(key -> key + " " + before.get(key) + " -> " + now.get(key)).toList();
  }

  private static String bits(String value) {
    return value.replaceFirst(", \\d+ threads?$", "");
  }

  /**
   * The environment of a part that goes on.
   *
   * @param before the environment of the part before it
   * @param where the run stands
   * @param changes none to tell nothing new
   */
  static Map<String, String> continued(Map<String, String> before, Map<String, String> now, String where,
      List<String> changes) {
    var facts = new LinkedHashMap<>(now);
    var parts = new ArrayList<String>();
    if (before.containsKey(CONTINUED)) {
      parts.add(before.get(CONTINUED));
    }
    if (!changes.isEmpty()) {
      parts.add("from " + where + " on: " + String.join(", ", changes));
    }
    if (!parts.isEmpty()) {
      facts.put(CONTINUED, String.join("; ", parts));
    }
    return facts;
  }

  /** Reads {@code environment.json} back. */
  public static Map<String, String> read(Path file) {
    var facts = new LinkedHashMap<String, String>();
    RunFolder.readObject(file, "a run").forEach((key, value) -> facts.put(key.toString(), value.toString()));
    return facts;
  }

  private static String cpu() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("unknown");
    } catch (IOException _) {
      // not Linux
      return "unknown";
    }
  }
}
