package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;
import dev.lentil.json.Json;
import dev.lentil.json.JsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a run runs, for {@code environment.json} and the report. */
final class RunEnvironment {
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

  /** Reads {@code environment.json} back. */
  static Map<String, String> read(Path file) {
    var facts = new LinkedHashMap<String, String>();
    try {
      if (Json.parse(RunFolder.read(file)) instanceof Map<?, ?> document) {
        document.forEach((key, value) -> facts.put(key.toString(), value.toString()));
      }
    } catch (JsonException e) {
      throw new UserError(file + ": not the JSON that a run writes (" + e.getMessage() + ")", e);
    }
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
