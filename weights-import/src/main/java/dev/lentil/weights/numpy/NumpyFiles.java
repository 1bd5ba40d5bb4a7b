package dev.lentil.weights.numpy;

import dev.lentil.weights.store.FileBytes;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.TensorTable;
import dev.lentil.weights.store.WeightFileException;
import dev.lentil.weights.zip.ZipArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Several arrays: a zip archive of {@code .npy} entries, as {@code numpy.savez} and {@code savez_compressed} write it, or
 * a folder of {@code .npy} files. A tensor's name is the path without the ending: {@code Conv1/kernel}.
 */
public final class NumpyFiles {
  private static final String ENDING = ".npy";
  private static final int MAX_DEPTH = 8;

  private NumpyFiles() {}

  /** Whether an archive holds arrays. */
  public static boolean matches(ZipArchive archive) {
    return StreamSupport.stream(archive.names().spliterator(), false).anyMatch(name -> name.endsWith(ENDING));
  }

  /**
   * @throws WeightFileException if an array is damaged
   */
  public static TensorTable archive(Path file, ZipArchive archive) {
    var tensors = new ArrayList<StoredTensor>();
    for (String name : archive.names()) {
      if (name.endsWith(ENDING)) {
        tensors.add(Npy.read(file, withoutEnding(name), archive.get(name)));
      }
    }
    return TensorTable.of(file, FileFormat.NUMPY_NPZ, tensors, Map.of());
  }

  /** The arrays in a folder and the folders in it, links followed, by name; empty if there are none. */
  public static List<Path> in(Path folder) {
    try (Stream<Path> files = Files.walk(folder, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      return files.filter(path -> path.toString().endsWith(ENDING) && Files.isRegularFile(path)).sorted().toList();
    } catch (IOException e) {
      throw WeightFileException.unreadable(folder, "the folder", e);
    } catch (UncheckedIOException e) {
      throw WeightFileException.unreadable(folder, "the folder, or one in it,", e.getCause());
    }
  }

  /**
   * @param files as {@link #in} gives them
   * @throws WeightFileException if an array is damaged
   */
  public static TensorTable folder(Path folder, List<Path> files, FileBytes bytes) {
    var tensors = new ArrayList<StoredTensor>();
    for (Path file : files) {
      String name = folder.relativize(file).toString().replace('\\', '/');
      tensors.add(Npy.read(file, withoutEnding(name), bytes.map(file)));
    }
    return TensorTable.of(folder, FileFormat.NUMPY_FOLDER, tensors, Map.of());
  }

  private static String withoutEnding(String name) {
    return name.substring(0, name.length() - ENDING.length());
  }
}
