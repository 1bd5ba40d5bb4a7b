package dev.lentil.backend.cuda;

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
 */
final class Staging implements AutoCloseable {
  private static final int BUFFERS = 2;

  private final Driver driver;
  private final Stream stream;
  private final List<Buffer> buffers = new ArrayList<>();
  private int next;

  private static final class Buffer {
    private final Event sent;
    private Optional<PinnedMemory> memory = Optional.empty();

    private Buffer(Event sent) {
      this.sent = sent;
    }
  }

  Staging(Driver driver, Stream stream) {
    this.driver = driver;
    this.stream = stream;
    for (int i = 0; i < BUFFERS; i++) {
      buffers.add(new Buffer(driver.event()));
    }
  }

  /** Lets {@code fill} write {@code bytes} and copies them to {@code to}, in the order of the stream. */
  void send(DeviceMemory to, long offset, int bytes, Consumer<ByteBuffer> fill) {
    Buffer buffer = buffers.get(next);
    next = (next + 1) % BUFFERS;
    // The copy before last came from this buffer.
    buffer.sent.synchronize();
    if (buffer.memory.map(PinnedMemory::bytes).filter(b -> b.capacity() >= bytes).isEmpty()) {
      buffer.memory.ifPresent(PinnedMemory::close);
      buffer.memory = Optional.empty();
      buffer.memory = Optional.of(driver.pinned(bytes));
    }
    PinnedMemory memory = buffer.memory.orElseThrow();
    fill.accept(memory.bytes());
    to.upload(offset, memory, bytes, stream);
    buffer.sent.record(stream);
  }

  @Override
  public void close() {
    for (Buffer buffer : buffers) {
      buffer.memory.ifPresent(PinnedMemory::close);
      buffer.memory = Optional.empty();
      buffer.sent.close();
    }
    buffers.clear();
  }
}
