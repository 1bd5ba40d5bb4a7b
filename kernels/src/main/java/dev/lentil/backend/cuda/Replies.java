package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.driver.Event;
import dev.lentil.backend.cuda.driver.PinnedMemory;
import dev.lentil.backend.cuda.driver.Stream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the card gives back, copied to pinned memory in the order of the stream. Nobody waits until it is asked for. Buffers take
 * turns; what is still in one when its turn comes again is taken out first.
 */
final class Replies implements AutoCloseable {
  /** Loss and logits of a run, and of the run before. */
  private static final int BUFFERS = 4;
  /** What is larger is waited for, so that no more than this is pinned: whole feature maps, which no loop asks for. */
  private static final int MUCH = 1 << 20;

  private final Driver driver;
  private final Stream stream;
  private final List<Buffer> buffers = new ArrayList<>();
  private int next;

  private static final class Buffer {
    private final Event arrived;
    private final PinnedBuffer pinned;
    /** Who has not taken out yet what is in it. */
    private Optional<Reply<?>> pending = Optional.empty();

    private Buffer(Driver driver) {
      arrived = driver.event();
      pinned = new PinnedBuffer(driver);
    }
  }

  private static final class Reply<T> implements Supplier<T> {
    private final Driver driver;
    private final Buffer buffer;
    private final int bytes;
    private final Function<ByteBuffer, T> decode;
    private Optional<T> value = Optional.empty();

    private Reply(Driver driver, Buffer buffer, int bytes, Function<ByteBuffer, T> decode) {
      this.driver = driver;
      this.buffer = buffer;
      this.bytes = bytes;
      this.decode = decode;
    }

    @Override
    public T get() {
      if (value.isEmpty()) {
        PinnedMemory pinned = buffer.pinned.memory().orElseThrow(
            () -> new IllegalStateException("the device was closed before what it has calculated was read"));
        driver.makeCurrent();
        buffer.arrived.synchronize();
        value = Optional.of(decode.apply(pinned.bytes().slice(0, bytes).order(ByteOrder.nativeOrder())));
        buffer.pending = Optional.empty();
      }
      return value.get();
    }
  }

  Replies(Driver driver, Stream stream) {
    this.driver = driver;
    this.stream = stream;
    try {
      for (int i = 0; i < BUFFERS; i++) {
        buffers.add(new Buffer(driver));
      }
    } catch (RuntimeException | Error e) {
      Closing.after(e, this);
      throw e;
    }
  }

  /**
   * What {@code decode} makes of the bytes as they are once the stream has done what it was given so far.
   *
   * @return to be asked by the thread that uses the device
   */
  <T> Supplier<T> fetch(DeviceMemory from, long offset, int bytes, Function<ByteBuffer, T> decode) {
    if (bytes > MUCH) {
      byte[] copy = new byte[bytes];
      from.download(offset, copy);
      T value = decode.apply(ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder()));
      return () -> value;
    }
    Buffer buffer = buffers.get(next);
    next = (next + 1) % BUFFERS;
    buffer.pending.ifPresent(Reply::get);
    from.download(offset, buffer.pinned.ofSize(bytes), bytes, stream);
    buffer.arrived.record(stream);
    var reply = new Reply<>(driver, buffer, bytes, decode);
    buffer.pending = Optional.of(reply);
    return reply;
  }

  @Override
  public void close() {
    try (var owned = new Closing()) {
      for (Buffer buffer : buffers) {
        owned.add(buffer.arrived);
        owned.add(buffer.pinned);
        // First, so that nothing arrives in memory that was given back.
        owned.add(() -> buffer.arrived.synchronize());
      }
      buffers.clear();
    }
  }
}
