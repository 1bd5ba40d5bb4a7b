package dev.lentil.ham10000.download;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Fetches files over HTTP. What has come stands in {@code NAME.part}, so a connection that breaks, or a program that is
 * stopped, costs nothing that was there; the file gets its name when all of it is there and its check sum is right.
 * Source: RFC 9110, sections 13.1.5 (If-Range), 14.2 (Range) and 14.4 (Content-Range).
 */
public final class Downloader implements AutoCloseable {
  /** How often in a row a connection may fail without bringing anything. */
  static final int TRIES = 5;

  private static final int CHUNK = 1 << 16;
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  private final HttpClient client;
  private final Duration pause;
  private final Duration timeout;

  public Downloader() {
    this(Duration.ofSeconds(2), Duration.ofSeconds(60));
  }

  /**
   * @param pause before a broken connection is tried again
   * @param timeout for an answer to begin
   */
  Downloader(Duration pause, Duration timeout) {
    this.pause = pause;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).connectTimeout(timeout).build();
  }

  /** Reads a file that has come: what is not what it should be is a {@link UserError}. */
  @FunctionalInterface
  public interface Check {
    /** @param there all of the file, not yet under its name */
    void read(Path there);
  }

  /** The size that a server gives for a file; empty if it does not say, or does not answer. */
  public OptionalLong size(RemoteFile file) {
    if (file.size().isPresent()) {
      return OptionalLong.of(file.size().get());
    }
    HttpRequest head = HttpRequest.newBuilder(file.uri()).method("HEAD", HttpRequest.BodyPublishers.noBody())
        .timeout(timeout).build();
    try {
      HttpResponse<Void> answer = client.send(head, HttpResponse.BodyHandlers.discarding());
      return answer.statusCode() == OK ? answer.headers().firstValueAsLong("Content-Length") : OptionalLong.empty();
    } catch (IOException _) {
      // some servers answer no question of this kind; whether the file can be had shows when it is fetched
      return OptionalLong.empty();
    } catch (InterruptedException e) {
      throw interrupted(file, e);
    }
  }

  /**
   * Fetches a file into a folder, going on with what is there of it.
   *
   * @param check reads what came, before it gets the file's name, and a file that was there already
   * @param progress is told how many bytes are there, now and then
   * @return where it is
   * @throws UserError if it cannot be fetched, or is not what it should be; what is wrong is then not left there
   */
  public Path fetch(RemoteFile file, Path folder, Check check, LongConsumer progress) {
    Path target = folder.resolve(file.name());
    if (Files.exists(target)) {
      return kept(file, target, check);
    }
    try (var part = PartFile.take(target)) {
      if (Files.exists(target)) {
        // another process was faster
        return kept(file, target, check);
      }
      int failures = 0;
      long most = part.size();
      boolean complete = false;
      while (!complete) {
        try {
          complete = attempt(file, part, progress);
        } catch (IOException e) {
          // Only what never was there before counts: a server that lies about the size would be asked for ever.
          failures = part.size() > most ? 0 : failures + 1;
          most = Math.max(most, part.size());
          if (failures == TRIES) {
            throw unreachable(file, e);
          }
          Thread.sleep(pause);
        }
      }
      try {
        require(file, part.path(), check);
      } catch (UserError e) {
        part.discard();
        throw new UserError(file.uri() + ": what was fetched is not what it should be (" + e.getMessage()
            + "); it is deleted, try again or use another mirror", e);
      }
      part.moveTo(target);
      return target;
    } catch (InterruptedException e) {
      throw interrupted(file, e);
    }
  }

  /** What is there is not deleted unasked. */
  private static Path kept(RemoteFile file, Path target, Check check) {
    try {
      require(file, target, check);
      return target;
    } catch (UserError e) {
      throw new UserError(e.getMessage() + "; delete " + target + " to fetch it again", e);
    }
  }

  /** One connection; true if the file is complete. */
  private boolean attempt(RemoteFile file, PartFile part, LongConsumer progress)
      throws IOException, InterruptedException {
    long have = part.size();
    Optional<String> validator = part.tag();
    if (have > 0 && validator.isEmpty() && file.checksum().isEmpty()) {
      // Nothing would tell if the rest were of another version of the file.
      part.discard();
      have = 0;
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(file.uri()).timeout(timeout);
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
      validator.ifPresent(value -> request.header("If-Range", value));
    }
    HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (var in = new GuardedBody(answer.body(), timeout)) {
      requireFound(file, answer);
      switch (answer.statusCode()) {
        case OK -> {
          long total = answer.headers().firstValueAsLong("Content-Length").orElse(file.size().orElse(Long.MAX_VALUE));
          part.discard();
          requireSize(file, total);
          part.begin(answer.headers().firstValue("ETag").filter(value -> !value.startsWith("W/")));
          return append(file, part, in, 0, total, progress);
        }
        case PARTIAL -> {
          long total = total(file, answer, have);
          requireSize(file, total);
          return append(file, part, in, have, total, progress);
        }
        case RANGE_NOT_SATISFIABLE -> {
          // All of it is there already, or what is there is too much and of no use.
          if (file.size().isPresent() && file.size().get() == have) {
            return true;
          }
          part.discard();
          throw new IOException("the server has fewer bytes than were fetched before");
        }
        default -> throw new IOException("the server answers " + answer.statusCode());
      }
    }
  }

  /** What {@code Content-Range: bytes 5-9/10} says of the whole. */
  private static long total(RemoteFile file, HttpResponse<?> answer, long have) {
    String range = answer.headers().firstValue("Content-Range").orElse("");
    if (!range.matches("bytes " + have + "-\\d{1,18}/\\d{1,18}")) {
      throw new UserError(file.uri() + ": the server was asked for the bytes from " + have + " on and sent '" + range
          + "'; try again or use another mirror");
    }
    return Long.parseLong(range.substring(range.indexOf('/') + 1));
  }

  private static void requireSize(RemoteFile file, long total) {
    if (file.size().isPresent() && file.size().get() != total && total != Long.MAX_VALUE) {
      throw new UserError(file.uri() + ": the server announces " + total + " bytes, but the file has "
          + file.size().get() + "; use another mirror");
    }
  }

  private static boolean append(RemoteFile file, PartFile part, GuardedBody in, long from, long total,
      LongConsumer progress) throws IOException {
    long have = from;
    if (total != Long.MAX_VALUE) {
      part.requireRoom(total - from);
    }
    try (FileChannel out = part.open()) {
      var buffer = new byte[CHUNK];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        have += read;
        if (have > total) {
          part.discard();
          throw new UserError(file.uri() + ": more than the announced " + total + " bytes come; use another mirror");
        }
        part.append(out, buffer, read);
        progress.accept(have);
      }
    }
    if (have < total && total != Long.MAX_VALUE) {
      throw new IOException("the connection ended after " + have + " of " + total + " bytes");
    }
    return true;
  }

  private static void require(RemoteFile file, Path there, Check check) {
    try {
      if (file.size().isPresent() && Files.size(there) != file.size().get()) {
        throw new UserError(there + ": it has " + Files.size(there) + " bytes, but must have " + file.size().get());
      }
      if (file.checksum().isPresent()) {
        Checksum actual = Checksum.of(there, file.checksum().get().algorithm());
        if (!actual.equals(file.checksum().get())) {
          throw new UserError(there + ": its " + actual.algorithm() + " is " + actual.hex() + ", but must be "
              + file.checksum().get().hex());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(there + ": cannot be read (" + Reason.of(e) + ")", e);
    }
    check.read(there);
  }

  /** An answer that another try would not change. */
  private static void requireFound(RemoteFile file, HttpResponse<?> answer) {
    int status = answer.statusCode();
    boolean final4xx =
        status >= 400 && status < SERVER_ERROR && status != RANGE_NOT_SATISFIABLE && status != TOO_MANY_REQUESTS;
    if (final4xx) {
      throw new UserError(file.uri() + ": the server answers " + status + "; check the address, or use --mirror");
    }
  }

  private static UserError unreachable(RemoteFile file, IOException e) {
    return new UserError(file.uri() + ": cannot be fetched (" + Reason.of(e)
        + "); check the connection and run the command again, which goes on where it broke off");
  }

  private static UserError interrupted(RemoteFile file, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new UserError(file.uri() + ": stopped; run the command again to go on");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
