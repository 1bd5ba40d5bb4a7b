package dev.lentil.backend.cuda.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
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
   */
  public static synchronized void load(Runnable firstUse) {
    String before = System.getProperty(TEMPORARY_FOLDER);
    Path folder;
    try {
      // Made with permissions for its owner only.
      folder = Files.createTempDirectory("lentil-jcuda-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for JCuda's libraries in " + before, e);
    }
    System.setProperty(TEMPORARY_FOLDER, folder.toString());
    try {
      firstUse.run();
    } catch (ExceptionInInitializerError e) {
      throw (UnsatisfiedLinkError) new UnsatisfiedLinkError(String.valueOf(e.getCause())).initCause(e);
    } catch (NoClassDefFoundError e) {
      // What a second use of a class whose first use failed ends in.
      throw (UnsatisfiedLinkError) new UnsatisfiedLinkError(String.valueOf(e.getMessage())).initCause(e);
    } finally {
      System.setProperty(TEMPORARY_FOLDER, before);
      // A loaded library needs its file no longer.
      delete(folder);
    }
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
