package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.driver.Event;
import dev.lentil.backend.cuda.driver.PinnedMemory;
import dev.lentil.backend.cuda.driver.Stream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a run needs from the host, gathered in pinned memory and sent with one copy. Two buffers take turns, so the host
 * fills one while the card still works on what came from the other.
 *
 * <p>Much is sent in a stream of its own to a buffer on the card, which a copy on the card empties: it crosses the bus while the
 * run before still calculates. Little is sent in order, without the events and the second copy that this takes.
 */
final class Staging implements AutoCloseable {
  private static final int BUFFERS = 2;
  /** 20 microseconds at 50 GB/s. Not measured. */
  private static final int MUCH = 1 << 20;

  private final Driver driver;
  private final Stream stream;
  private final Optional<Stream> ahead;
  private final Closing owned = new Closing();
  private final List<Buffer> buffers = new ArrayList<>();
  private int next;

  private static final class Buffer {
    /** The copy from the pinned memory. */
    private final Event sent;
    /** The copy from the memory on the card. */
    private final Event taken;
    private final PinnedBuffer pinned;
    private Optional<DeviceMemory> onCard = Optional.empty();

    private Buffer(Event sent, Event taken, PinnedBuffer pinned) {
      this.sent = sent;
      this.taken = taken;
      this.pinned = pinned;
    }
  }

  /** Everything in the order of the stream. */
  Staging(Driver driver, Stream stream) {
    this(driver, stream, Optional.empty());
  }

  /** Much of it ahead of that order, in another stream. */
  Staging(Driver driver, Stream stream, Stream ahead) {
    this(driver, stream, Optional.of(ahead));
  }

  private Staging(Driver driver, Stream stream, Optional<Stream> ahead) {
    this.driver = driver;
    this.stream = stream;
    this.ahead = ahead;
    try {
      for (int i = 0; i < BUFFERS; i++) {
        buffers.add(new Buffer(owned.add(driver.event()), owned.add(driver.event()),
            owned.add(new PinnedBuffer(driver))));
      }
    } catch (RuntimeException | Error e) {
      Closing.after(e, this);
      throw e;
    }
  }

  /** Lets {@code fill} write {@code bytes} and copies them to {@code to}, for what the stream is given from now on. */
  void send(DeviceMemory to, long offset, int bytes, Consumer<ByteBuffer> fill) {
    Buffer buffer = buffers.get(next);
    next = (next + 1) % BUFFERS;
    // The copy before last came from this buffer.
    buffer.sent.synchronize();
    PinnedMemory pinned = buffer.pinned.ofSize(bytes);
    fill.accept(pinned.bytes());
    if (ahead.isEmpty() || bytes < MUCH) {
      to.upload(offset, pinned, bytes, stream);
      buffer.sent.record(stream);
      return;
    }
    DeviceMemory onCard = onCard(buffer, bytes);
    ahead.get().await(buffer.taken);
    onCard.upload(0, pinned, bytes, ahead.get());
    buffer.sent.record(ahead.get());
    stream.await(buffer.sent);
    to.copy(offset, onCard, bytes, stream);
    buffer.taken.record(stream);
  }

  private DeviceMemory onCard(Buffer buffer, int bytes) {
    if (buffer.onCard.filter(memory -> memory.bytes() >= bytes).isEmpty()) {
      // Giving it back waits for the copy from it, as for all work of the card.
      buffer.onCard.ifPresent(DeviceMemory::close);
      buffer.onCard = Optional.empty();
      buffer.onCard = Optional.of(driver.allocate(bytes));
    }
    return buffer.onCard.orElseThrow();
  }

  @Override
  public void close() {
    try (owned) {
      for (Buffer buffer : buffers) {
        buffer.onCard.ifPresent(owned::add);
        // First, so that nothing is copied from memory that was given back.
        owned.add(() -> buffer.sent.synchronize());
      }
      buffers.clear();
    }
  }
}
