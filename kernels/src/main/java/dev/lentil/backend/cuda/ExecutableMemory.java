package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.driver.Stream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Small memory that one executable keeps from run to run: what is made of the parameters (folded batch normalisations) and
 * made again only when one of them has changed, and the loss.
 */
final class ExecutableMemory implements AutoCloseable {
  private static final long CHUNK = 1L << 20;

  private final Driver driver;
  private final CudaParameters parameters;
  private final List<DeviceMemory> chunks = new ArrayList<>();
  private final Map<Object, Item> items = new HashMap<>();
  private long left;

  private static final class Item {
    private final long address;
    private final List<String> sources;
    private final Op make;
    private long stamp = -1;

    private Item(long address, List<String> sources, Op make) {
      this.address = address;
      this.sources = sources;
      this.make = make;
    }
  }

  ExecutableMemory(Driver driver, CudaParameters parameters) {
    this.driver = driver;
    this.parameters = parameters;
  }

  /** Memory at an address that does not change. */
  long allocate(long bytes) {
    long aligned = Inbox.align(bytes);
    if (aligned > left) {
      DeviceMemory chunk = driver.allocate(Math.max(CHUNK, aligned));
      chunks.add(chunk);
      left = chunk.bytes();
    }
    DeviceMemory chunk = chunks.getLast();
    long address = chunk.address() + chunk.bytes() - left;
    left -= aligned;
    return address;
  }

  /** The float64 at an address that {@link #allocate} gave, as the stream leaves it. */
  Supplier<Double> fetchDouble(Replies replies, long address) {
    for (DeviceMemory chunk : chunks) {
      if (address >= chunk.address() && address < chunk.address() + chunk.bytes()) {
        return replies.fetch(chunk, address - chunk.address(), Double.BYTES, ByteBuffer::getDouble);
      }
    }
    throw new IllegalArgumentException("nothing was allocated at " + address);
  }

  /**
   * What is kept under a key, the same whenever it is asked for again.
   *
   * @param sources the parameters that it is made of
   * @param make the work that makes it at an address
   * @return its address
   */
  long get(Object key, long bytes, List<String> sources, LongFunction<Op> make) {
    Item item = items.get(key);
    if (item == null) {
      long address = allocate(bytes);
      item = new Item(address, sources, make.apply(address));
      items.put(key, item);
    }
    return item.address;
  }

  /** Makes again what has changed. */
  void refresh(Stream stream) {
    for (Item item : items.values()) {
      long newest = item.sources.stream().mapToLong(parameters::stamp).max().orElse(0);
      if (newest != item.stamp) {
        item.make.enqueue(stream);
        item.stamp = newest;
      }
    }
  }

  @Override
  public void close() {
    try (var owned = new Closing()) {
      chunks.forEach(owned::add);
      chunks.clear();
      items.clear();
    }
  }
}
