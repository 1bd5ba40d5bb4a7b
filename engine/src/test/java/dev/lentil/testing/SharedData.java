package dev.lentil.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the data that is too large, or not free enough, to be part of the project: property {@code lentil.data}, else
 * environment {@code LENTIL_DATA}, else {@code ../shared/data}; relative paths count from the repository's root.
 */
public final class SharedData {
  private SharedData() {}

  /** The data folder, whether it exists or not. */
  public static Path folder() {
    return folder(Optional.ofNullable(System.getProperty("lentil.data")), System.getenv());
  }

  static Path folder(Optional<String> property, Map<String, String> environment) {
    var chosen = property.filter(s -> !s.isBlank())
        .or(() -> Optional.ofNullable(environment.get("LENTIL_DATA")).filter(s -> !s.isBlank()))
        .orElse("../shared/data");
    var path = Path.of(chosen);
    return path.isAbsolute() ? path : repositoryRoot().resolve(path).normalize();
  }

  /** The folder that holds the parent {@code pom.xml} and {@code engine/}, from the current directory upwards. */
  public static Path repositoryRoot() {
    var start = Path.of("").toAbsolutePath();
    for (var at = start; at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("pom.xml")) && Files.isDirectory(at.resolve("engine"))) {
        return at;
      }
    }
    throw new IllegalStateException("no folder with pom.xml and engine/ at or above " + start);
  }

  /**
   * A file or folder of the data, or {@link Prerequisite#absent}.
   *
   * @param relative path inside the data folder, for example {@code reference/keras_golden_vectors.json}
   */
  public static Path require(String relative) {
    return require(folder(), relative, System.getenv());
  }

  static Path require(Path folder, String relative, Map<String, String> environment) {
    var path = folder.resolve(relative);
    if (!Files.exists(path)) {
      return Prerequisite.absent(
          "test data " + path + " is absent; set -Dlentil.data or LENTIL_DATA to the folder that holds " + relative,
          environment);
    }
    return path;
  }
}
