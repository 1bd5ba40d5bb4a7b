package dev.lentil.weights.store;

import dev.lentil.io.MappedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files mapped into memory; all mappings are given back together. */
public final class FileBytes implements AutoCloseable {
  private final Arena arena = Arena.ofShared();

  /**
   * Maps a file.
   *
   * @throws WeightFileException if it cannot be read
   */
  public MemorySegment map(Path path) {
    try {
      return MappedFile.of(path, arena);
    } catch (NoSuchFileException e) {
      throw new WeightFileException(path, "there is no such weight file; check the path", e);
    } catch (IOException e) {
      throw WeightFileException.unreadable(path, "the weight file", e);
    }
  }

  /**
   * Maps a file that another one names.
   *
   * @param owner the file that names it
   * @param name relative to the owner's folder
   * @throws WeightFileException if the name leads out of that folder, or the file cannot be read
   */
  public MemorySegment mapBeside(Path owner, String name) {
    Path folder = owner.toAbsolutePath().normalize().getParent();
    Path wanted = resolve(owner, folder, name);
    if (name.isEmpty() || !wanted.startsWith(folder) || wanted.equals(folder)) {
      throw new WeightFileException(owner, "it keeps its data in '" + name
          + "', which is not inside its own folder; files elsewhere are not opened");
    }
    try {
      // A link could still lead out of the folder.
      if (Files.exists(wanted) && !wanted.toRealPath().startsWith(folder.toRealPath())) {
        throw new WeightFileException(owner, "it keeps its data in '" + name
            + "', a link out of its own folder; files elsewhere are not opened");
      }
    } catch (IOException e) {
      throw WeightFileException.unreadable(wanted, "the weight file", e);
    }
    return map(wanted);
  }

  private static Path resolve(Path owner, Path folder, String name) {
    try {
      return folder.resolve(name).normalize();
    } catch (IllegalArgumentException e) {
      throw new WeightFileException(owner, "it keeps its data in '" + name + "', which is no file name", e);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
