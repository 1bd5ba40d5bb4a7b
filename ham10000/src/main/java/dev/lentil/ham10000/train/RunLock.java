package dev.lentil.ham10000.train;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who works in a run's folder. The file {@code .lock} is locked as long as the process lives, whatever it dies of, and names the
 * process; what a dead one wrote there means nothing.
 */
final class RunLock implements AutoCloseable {
  /** Far behind the text, since Windows lets nobody read what is locked. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private static final int MOST_TEXT = 1000;

  /** Closing any channel of a file gives up all locks that this process has on it: a second one is not even opened. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path key;
  private final FileChannel channel;

  private RunLock(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /**
   * @throws UserError if another process holds it, named with its host and its start
   */
  static RunLock take(Path run) {
    Path file = run.resolve(".lock");
    try {
      Path key = run.toRealPath().resolve(".lock");
      if (!HELD.add(key)) {
        throw held(run, "this process");
      }
      try {
        return new RunLock(key, open(run, file));
      } catch (IOException | RuntimeException e) {
        HELD.remove(key);
        throw e;
      }
    } catch (IOException e) {
      throw new UserError(
          run + ": the run's folder cannot be locked (" + Reason.of(e) + "); make it writable, or choose another",
          e);
    }
  }

  private static FileChannel open(Path run, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
        throw held(run, read(channel));
      }
      channel.truncate(0);
      channel.write(StandardCharsets.UTF_8.encode(self()), 0);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static UserError held(Path run, String holder) {
    return new UserError(run + ": another process is working in this run's folder ("
        + (holder.isBlank() ? "it has not written its name yet" : holder.strip())
        + "); wait for it, or choose another folder");
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MOST_TEXT);
    channel.read(text, 0);
    return StandardCharsets.UTF_8.decode(text.flip()).toString();
  }

  private static String self() {
    var process = ProcessHandle.current();
    String started = process.info().startInstant()
        .map(at -> LocalDateTime.ofInstant(at, ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS))
        .map(at -> ", started " + at).orElse("");
    return "process " + process.pid() + " on " + host() + started + "\n";
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return "this machine";
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      HELD.remove(key);
    }
  }
}
