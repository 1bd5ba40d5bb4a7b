package dev.lentil.weights.store;

import dev.lentil.io.MappedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Files mapped into memory; all mappings are given back together. And what readers of any format do with bytes. */
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

  /** Whether bytes begin with a format's mark. */
  public static boolean beginWith(MemorySegment bytes, byte[] mark) {
    return bytes.byteSize() >= mark.length
        && bytes.asSlice(0, mark.length).mismatch(MemorySegment.ofArray(mark)) == -1;
  }

  /** Pieces as one: copied, unless there is only one. */
  public static MemorySegment joined(List<MemorySegment> pieces) {
    if (pieces.size() == 1) {
      return pieces.getFirst();
    }
    long size = pieces.stream().mapToLong(MemorySegment::byteSize).sum();
    MemorySegment joined = MemorySegment.ofArray(new byte[Math.toIntExact(size)]);
    long at = 0;
    for (MemorySegment piece : pieces) {
      MemorySegment.copy(piece, 0, joined, at, piece.byteSize());
      at += piece.byteSize();
    }
    return joined;
  }

  @Override
  public void close() {
    arena.close();
  }
}
