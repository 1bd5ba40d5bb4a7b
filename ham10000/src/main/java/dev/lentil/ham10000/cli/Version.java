package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/**
 * Which Lentil this is, as the build wrote it into {@code version.properties}.
 *
 * @param version the Maven version
 * @param revision the git commit, with {@code -dirty} appended where files differed from it; {@code unknown} outside a
 * git checkout
 */
public record Version(String version, String revision) {
  /** The version of the running program. */
  public static Version current() {
    var properties = new Properties();
    try (var in = Version.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var revision = properties.getProperty("revision", "");
    // outside a git checkout nothing replaces the placeholder
    return new Version(properties.getProperty("version", "unknown"),
        revision.isBlank() || revision.contains("${") ? "unknown" : revision);
  }

  /** The same for the files of a run. */
  static Program program() {
    var version = current();
    return new Program(version.version, version.revision);
  }

  @Override
  public String toString() {
    return version + " (git " + revision + ")";
  }

  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"lentil " + current()};
    }
  }
}
