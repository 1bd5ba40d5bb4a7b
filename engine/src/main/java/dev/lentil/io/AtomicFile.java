package dev.lentil.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that are either the old ones or wholly the new ones, whatever happens while they are written: each is written
 * beside its place under the name {@code NAME.PROCESS-THREAD.tmp}, forced to the disk, and moved.
 */
public final class AtomicFile {
  private static final Pattern TEMPORARY = Pattern.compile(".+\\.(\\d{1,18})-\\d+\\.tmp");

  /** What a file will hold. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it. */
    void writeTo(FileChannel channel) throws IOException;
  }

  private AtomicFile() {}

  /** Writes a text, as UTF-8. */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes. */
  public static void write(Path file, byte[] bytes) throws IOException {
    write(file, Optional.empty(), bytes.length, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
  }

  /**
   * Writes a file; its folder is made if need be.
   *
   * @param previous where the file that was there goes, if it is to be kept
   * @param bytes that the content takes, for the message when there is no room
   * @throws IOException that names the file, the bytes needed and free, and the remedy; what was there is untouched, or, if
   *     the very last move failed, lies at {@code previous}
   */
  public static void write(Path file, Optional<Path> previous, long bytes, Content content) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    Path temporary = folder.resolve(
        target.getFileName() + "." + ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId() + ".tmp");
    try {
      Files.createDirectories(folder);
      // not Files.createTempFile, whose files nobody else may read
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      if (previous.isPresent() && Files.exists(target)) {
        move(target, previous.get());
      }
      move(temporary, target);
      forceFolder(folder);
    } catch (IOException e) {
      // first, so that the free space is what there is to work with
      remove(temporary);
      throw new IOException(problem(file, bytes, e), e);
    } finally {
      remove(temporary);
    }
  }

  /** Writes all of a buffer. */
  public static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /**
   * Removes what processes that died in the middle of writing left in a folder. Only a process that is alone in the folder may
   * do so: a temporary file with its own number is taken for that of an earlier process.
   */
  public static void removeLeftovers(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.tmp")) {
      for (Path file : files) {
        Matcher name = TEMPORARY.matcher(file.getFileName().toString());
        if (name.matches() && !isOther(Long.parseLong(name.group(1)))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static boolean isOther(long pid) {
    return pid != ProcessHandle.current().pid() && ProcessHandle.of(pid).isPresent();
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Names are in the folder, which has to reach the disk too. */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException _) {
      // Windows opens no folders; the file is complete all the same
    }
  }

  private static void remove(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException _) {
      // only there if something failed; then the failure is what matters, not whether its remains could be removed
    }
  }

  private static String problem(Path file, long bytes, IOException e) {
    String text = file + ": cannot be written (" + FileReason.of(e) + "); ";
    OptionalLong free = freeBytes(file.toAbsolutePath().getParent());
    if (free.isEmpty() || free.getAsLong() >= bytes) {
      return text + "check the folder, its permissions and its quota";
    }
    return text + String.format(Locale.ROOT, "it needs %,d bytes and %,d are free there; make room", bytes,
        free.getAsLong());
  }

  /** The bytes that can still be written below a folder; empty where the system does not tell. */
  public static OptionalLong freeBytes(Path folder) {
    try {
      var store = Files.getFileStore(folder);
      return store.getTotalSpace() > 0 ? OptionalLong.of(store.getUsableSpace()) : OptionalLong.empty();
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }
}
