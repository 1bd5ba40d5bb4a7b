package dev.lentil.ham10000.download;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The body of an answer, which is given up when nothing of it comes for some time: the timeouts of Java's client end with an
 * answer's head.
 */
final class GuardedBody implements AutoCloseable {
  private final InputStream in;
  private final Duration patience;
  private final Thread guard;
  /** When the read began that is going on, an odd number; 0 if none is. */
  private volatile long since;
  private volatile boolean stalled;
  private volatile boolean closed;

  GuardedBody(InputStream in, Duration patience) {
    this.in = in;
    this.patience = patience;
    guard = Thread.ofVirtual().start(this::watch);
  }

  /**
   * Reads as {@link InputStream#read(byte[])} does.
   *
   * @throws IOException also if nothing came for too long
   */
  int read(byte[] buffer) throws IOException {
    since = System.nanoTime() | 1;
    int read;
    try {
      read = in.read(buffer);
    } catch (IOException e) {
      throw stalled ? new IOException(message(), e) : e;
    } finally {
      since = 0;
    }
    if (stalled) {
      // a stream that is closed meanwhile ends
      throw new IOException(message());
    }
    return read;
  }

  private String message() {
    return "nothing came for " + patience.toSeconds() + " seconds";
  }

  private void watch() {
    while (!closed) {
      long begun = since;
      long left = patience.toNanos() - (begun == 0 ? 0 : System.nanoTime() - begun);
      if (left > 0) {
        LockSupport.parkNanos(left);
      } else {
        stalled = true;
        close(in);
        return;
      }
    }
  }

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException _) {
      // it is given up either way
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(guard);
    close(in);
  }
}
