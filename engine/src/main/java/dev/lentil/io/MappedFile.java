package dev.lentil.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file's bytes, without copying them where that is possible. */
public final class MappedFile {
  private MappedFile() {}

  /** The bytes, until the arena is closed: mapped into memory, or of what cannot be mapped, a pipe or a file in a jar, read. */
  public static MemorySegment of(Path path, Arena arena) throws IOException {
    if (path.getFileSystem() != FileSystems.getDefault() || !Files.isRegularFile(path)) {
      return arena.allocateFrom(ValueLayout.JAVA_BYTE, Files.readAllBytes(path));
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }
}
