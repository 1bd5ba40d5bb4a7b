package dev.lentil.bench.contender;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** A jar that stands for another build of Lentil. */
public final class OtherBuild {
  private OtherBuild() {}

  /**
   * Writes the jar.
   *
   * @param complete whether it names the classes of this build, or holds nothing at all
   */
  public static Path write(Path jar, boolean complete) throws IOException {
    Files.createDirectories(jar.getParent());
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (complete) {
      manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH,
          Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
              .map(entry -> Path.of(entry).toUri().toString()).collect(Collectors.joining(" ")));
    }
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }
}
