package dev.lentil.ham10000.download;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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

  /** The size that a server gives for a file; empty if it does not say. */
  public OptionalLong size(RemoteFile file) {
    if (file.size().isPresent()) {
      return OptionalLong.of(file.size().get());
    }
    HttpRequest head = HttpRequest.newBuilder(file.uri()).method("HEAD", HttpRequest.BodyPublishers.noBody())
        .timeout(timeout).build();
    try {
      HttpResponse<Void> answer = client.send(head, HttpResponse.BodyHandlers.discarding());
      requireFound(file, answer);
      return answer.statusCode() == OK ? answer.headers().firstValueAsLong("Content-Length") : OptionalLong.empty();
    } catch (IOException e) {
      throw unreachable(file, e);
    } catch (InterruptedException e) {
      throw interrupted(file, e);
    }
  }

  /**
   * Fetches a file into a folder, going on with what is there of it.
   *
   * @param progress is told how many bytes are there, now and then
   * @return where it is
   * @throws UserError if it cannot be fetched, or is not what it should be; what is wrong is then not left there
   */
  public Path fetch(RemoteFile file, Path folder, LongConsumer progress) {
    Path target = folder.resolve(file.name());
    Path part = folder.resolve(file.name() + ".part");
    try {
      Files.createDirectories(folder);
      if (Files.exists(target)) {
        verify(file, target, "; delete it to fetch it again");
        return target;
      }
      int failures = 0;
      long most = length(part);
      boolean complete = false;
      while (!complete) {
        try {
          complete = attempt(file, part, progress);
        } catch (IOException e) {
          // Only what never was there before counts: a server that lies about the size would be asked for ever.
          failures = length(part) > most ? 0 : failures + 1;
          most = Math.max(most, length(part));
          if (failures == TRIES) {
            throw unreachable(file, e);
          }
          Thread.sleep(pause);
        }
      }
      try {
        verify(file, part, "; what was fetched is deleted, try again or use another mirror");
      } catch (UserError e) {
        discard(part);
        throw e;
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      discard(part);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(file, e);
    }
  }

  /** One connection; true if the file is complete. */
  private boolean attempt(RemoteFile file, Path part, LongConsumer progress) throws IOException, InterruptedException {
    long have = length(part);
    Path tag = tag(part);
    Optional<String> validator = Files.exists(tag) ? Optional.of(Files.readString(tag)) : Optional.empty();
    if (have > 0 && validator.isEmpty() && file.checksum().isEmpty()) {
      // Nothing would tell if the rest were of another version of the file.
      discard(part);
      have = 0;
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(file.uri()).timeout(timeout);
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
      validator.ifPresent(value -> request.header("If-Range", value));
    }
    HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      requireFound(file, answer);
      switch (answer.statusCode()) {
        case OK -> {
          long total = answer.headers().firstValueAsLong("Content-Length").orElse(file.size().orElse(Long.MAX_VALUE));
          discard(part);
          requireSize(file, total);
          Optional<String> strong = answer.headers().firstValue("ETag").filter(value -> !value.startsWith("W/"));
          if (strong.isPresent()) {
            Files.writeString(tag, strong.get());
          }
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
          discard(part);
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

  private static boolean append(RemoteFile file, Path part, InputStream in, long from, long total,
      LongConsumer progress) throws IOException {
    long have = from;
    if (total != Long.MAX_VALUE && part.toAbsolutePath().getParent().toFile().getUsableSpace() < total - from) {
      throw new UserError(part + ": there is no room for the " + (total - from) + " bytes that are to come");
    }
    try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      var buffer = new byte[CHUNK];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        have += read;
        if (have > total) {
          discard(part);
          throw new UserError(file.uri() + ": more than the announced " + total + " bytes come; use another mirror");
        }
        out.write(buffer, 0, read);
        progress.accept(have);
      }
    }
    if (have < total && total != Long.MAX_VALUE) {
      throw new IOException("the connection ended after " + have + " of " + total + " bytes");
    }
    return true;
  }

  private static void verify(RemoteFile file, Path there, String remedy) throws IOException {
    if (file.size().isPresent() && Files.size(there) != file.size().get()) {
      throw new UserError(there + ": it has " + Files.size(there) + " bytes, but must have " + file.size().get()
          + remedy);
    }
    if (file.checksum().isPresent()) {
      Checksum actual = Checksum.of(there, file.checksum().get().algorithm());
      if (!actual.equals(file.checksum().get())) {
        throw new UserError(there + ": its " + actual.algorithm() + " is " + actual.hex() + ", but must be "
            + file.checksum().get().hex() + remedy);
      }
    }
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

  private static long length(Path part) throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  private static Path tag(Path part) {
    return part.resolveSibling(part.getFileName() + ".etag");
  }

  private static void discard(Path part) throws IOException {
    Files.deleteIfExists(part);
    Files.deleteIfExists(tag(part));
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
