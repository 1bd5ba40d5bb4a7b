package dev.lentil.backend.cuda.driver;

import dev.lentil.backend.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets JCuda unpack its native libraries into a folder that nobody else can write to. JCuda writes them under fixed names
 * into {@code java.io.tmpdir} and loads whatever lies there already, so in a shared folder another user could put code into
 * this process.
 */
public final class JCudaNatives {
  private static final String TEMPORARY_FOLDER = "java.io.tmpdir";

  private JCudaNatives() {}

  /**
   * Runs the first use of a JCuda class, which unpacks and loads its library.
   *
   * @throws UnsatisfiedLinkError if the library, or one that it needs, cannot be loaded
   * @throws BackendException if that is for want of a folder to load it from, with the remedy
   */
  public static synchronized void load(Runnable firstUse) {
    String before = System.getProperty(TEMPORARY_FOLDER);
    Path folder;
    try {
      // Made with permissions for its owner only.
      folder = Files.createTempDirectory("lentil-jcuda-");
    } catch (IOException e) {
      throw unusable(before, "no folder can be made there (" + e + ")", e);
    }
    System.setProperty(TEMPORARY_FOLDER, folder.toString());
    try {
      firstUse.run();
    } catch (ExceptionInInitializerError | NoClassDefFoundError | UnsatisfiedLinkError e) {
      // The second is what another use of a class whose first use failed ends in.
      throw notLoaded(e, before);
    } finally {
      System.setProperty(TEMPORARY_FOLDER, before);
      // A loaded library needs its file no longer.
      delete(folder);
    }
  }

  private static UnsatisfiedLinkError notLoaded(LinkageError e, String folder) {
    String reason = Stream.iterate(e, Objects::nonNull, Throwable::getCause).map(Throwable::getMessage)
        .filter(Objects::nonNull).collect(Collectors.joining("\n"));
    // As the system's loader and the system say it; JCuda passes their words on.
    if (reason.contains("failed to map segment")) {
      throw unusable(folder, "its file system lets no code be loaded (mounted noexec)", e);
    }
    if (reason.contains("No space left on device")) {
      throw unusable(folder, "it is full", e);
    }
    return (UnsatisfiedLinkError) new UnsatisfiedLinkError(reason).initCause(e);
  }

  private static BackendException unusable(String folder, String why, Throwable cause) {
    return new BackendException("JCuda's libraries are to be unpacked into " + folder + " and loaded from there, but "
        + why + ". Name another folder by -D" + TEMPORARY_FOLDER + "=FOLDER, in LENTIL_JAVA_OPTS", cause);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.getLogger("dev.lentil").log(System.Logger.Level.DEBUG, "cannot delete " + folder, e);
    }
  }
}
