package dev.lentil.ham10000.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** A server on this machine that serves files as told: in pieces, with wrong sizes, with wrong bytes. */
public final class WaywardServer implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  /** The connection is dropped after so many bytes of a body. */
  private volatile int dropAfter = Integer.MAX_VALUE;
  /** Where these bytes must have arrived before: a client may lose what it has not yet read when the connection breaks. */
  private volatile Path arriving = Path.of("");
  private volatile int announceMore;
  private volatile int failures;
  /** One body stands still after so many bytes. */
  private volatile int stallAfter = Integer.MAX_VALUE;
  private volatile boolean headless;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile String etag = "\"1\"";

  public WaywardServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  public String home() {
    return "http://" + server.getAddress().getHostString() + ":" + server.getAddress().getPort() + "/";
  }

  URI uri(String path) {
    return URI.create(home() + path);
  }

  public WaywardServer with(String path, byte[] bytes) {
    files.put("/" + path, bytes);
    return this;
  }

  /** @param part the client's file, to which it appends what comes */
  WaywardServer droppingAfter(int bytes, Path part) {
    arriving = part;
    dropAfter = bytes;
    return this;
  }

  /** @param part the client's file, to which it appends what comes */
  WaywardServer stallingOnceAfter(int bytes, Path part) {
    arriving = part;
    stallAfter = bytes;
    return this;
  }

  /** Answers no question about a file's size. */
  WaywardServer headless() {
    headless = true;
    return this;
  }

  WaywardServer announcingMore(int bytes) {
    announceMore = bytes;
    return this;
  }

  WaywardServer failing(int times) {
    failures = times;
    return this;
  }

  WaywardServer etag(String value) {
    etag = value;
    return this;
  }

  /** Method, path and range of each request. */
  List<String> requests() {
    return requests;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String range = exchange.getRequestHeaders().getFirst("Range");
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + (range == null ? "" : " " + range));
      byte[] bytes = files.get(exchange.getRequestURI().toString());
      if (bytes == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      if (headless && exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      if (failures > 0) {
        failures--;
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      exchange.getResponseHeaders().set("ETag", etag);
      String condition = exchange.getRequestHeaders().getFirst("If-Range");
      boolean partial = range != null && (condition == null || condition.equals(etag));
      int from = partial ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
      if (from > 0 && from >= bytes.length) {
        exchange.sendResponseHeaders(416, -1);
        return;
      }
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      byte[] body = Arrays.copyOfRange(bytes, from, bytes.length);
      if (partial) {
        exchange.getResponseHeaders().set("Content-Range",
            "bytes " + from + "-" + (bytes.length - 1) + "/" + (bytes.length + announceMore));
      }
      exchange.sendResponseHeaders(partial ? 206 : 200, body.length + announceMore);
      if (stallAfter < body.length) {
        exchange.getResponseBody().write(body, 0, stallAfter);
        exchange.getResponseBody().flush();
        awaitArrival(from + stallAfter);
        stallAfter = Integer.MAX_VALUE;
        awaitClose();
        return;
      }
      // Closing the exchange before all that was announced is written drops the connection.
      exchange.getResponseBody().write(body, 0, Math.min(body.length, dropAfter));
      exchange.getResponseBody().flush();
      if (dropAfter < body.length) {
        awaitArrival(from + dropAfter);
      }
    }
  }

  /** A minute at most; what has not arrived by then shows in the requests that follow. */
  private void awaitArrival(long size) throws IOException {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while ((!Files.exists(arriving) || Files.size(arriving) < size) && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  private void awaitClose() {
    try {
      closing.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.close();
  }
}
