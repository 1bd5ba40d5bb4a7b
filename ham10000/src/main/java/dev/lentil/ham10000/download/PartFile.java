package dev.lentil.ham10000.download;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What has come of a file: {@code NAME.part}, and beside it {@code NAME.part.etag}, the tag of the version that it is of. As
 * long as this is open no other process works on it, which a lock on {@code NAME.part.lock} sees to. What the disk refuses
 * is a {@link UserError} that names the file: another connection would not change it.
 */
final class PartFile implements AutoCloseable {
  /** Work on files that may fail. */
  private interface Work<T> {
    T run() throws IOException;
  }

  private final Path path;
  private final Path tag;
  private final Path lock;
  private final FileChannel locked;

  private PartFile(Path path, Path tag, Path lock, FileChannel locked) {
    this.path = path;
    this.tag = tag;
    this.lock = lock;
    this.locked = locked;
  }

  /**
   * Takes that of a file; its folder is made if need be.
   *
   * @throws UserError if another process works on it, or the folder cannot be written to
   */
  static PartFile take(Path target) {
    Path folder = target.toAbsolutePath().getParent();
    Path path = target.resolveSibling(target.getFileName() + ".part");
    Path lock = target.resolveSibling(path.getFileName() + ".lock");
    try {
      Files.createDirectories(folder);
      FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        channel.close();
        throw new UserError(target + ": another process is fetching this file; wait for it, or choose another folder "
            + "with --to");
      }
      return new PartFile(path, target.resolveSibling(path.getFileName() + ".etag"), lock, channel);
    } catch (IOException e) {
      throw new UserError(folder + ": nothing can be written into this folder (" + Reason.of(e)
          + "); check its permissions, or choose another with --to", e);
    }
  }

  private static boolean lock(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      // this process does
      return false;
    } catch (IOException _) {
      // a file system without locks keeps nobody apart
      return true;
    }
  }

  Path path() {
    return path;
  }

  /** Bytes that are there. */
  long size() {
    return local(() -> Files.exists(path) ? Files.size(path) : 0);
  }

  /** The tag of the version that they are of, if that is known. */
  Optional<String> tag() {
    return local(() -> Files.exists(tag) ? Optional.of(Files.readString(tag)) : Optional.empty());
  }

  /** Forgets all that is there, and begins with a version of this tag. */
  void begin(Optional<String> version) {
    discard();
    version.ifPresent(text -> local(() -> Files.writeString(tag, text)));
  }

  /**
   * @throws UserError if the disk has no room for so many bytes more
   */
  void requireRoom(long bytes) {
    OptionalLong free = AtomicFile.freeBytes(path.toAbsolutePath().getParent());
    if (free.isPresent() && free.getAsLong() < bytes) {
      throw new UserError(path + ": there is no room for the " + bytes + " bytes that are to come, "
          + free.getAsLong() + " are free; make room and run the command again, which goes on where it broke off");
    }
  }

  /** Opens it to add bytes with {@link #append}. */
  FileChannel open() {
    return local(() -> FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  void append(FileChannel channel, byte[] buffer, int length) {
    local(() -> {
      AtomicFile.writeFully(channel, ByteBuffer.wrap(buffer, 0, length));
      return length;
    });
  }

  /** Removes what is there. */
  void discard() {
    local(() -> Files.deleteIfExists(path) | Files.deleteIfExists(tag));
  }

  /** Makes it the file, which it is all of. */
  void moveTo(Path target) {
    local(() -> Files.move(path, target, StandardCopyOption.ATOMIC_MOVE));
    discard();
  }

  private <T> T local(Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new UserError(
          path + ": cannot be written (" + Reason.of(e) + "); check the folder and make room, then run the "
              + "command again, which goes on where it broke off",
          e);
    }
  }

  @Override
  public void close() {
    local(() -> {
      // before the lock is given back, so that it is not that of who comes next
      Files.deleteIfExists(lock);
      locked.close();
      return lock;
    });
  }
}
