package dev.lentil.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Reads a file again and again with something in it changed: bits, bytes, lengths, the end cut off. Each time it must be
 * read, or end in a {@link WeightFileException}, within two seconds of a processor's time and 256 MB. Half of the changes
 * hit anywhere, half the parts that are not values: words with several zero bytes, which lengths and offsets are, and
 * text.
 */
final class Mutations {
  private static final long MOST_NANOSECONDS = 2_000_000_000L;
  /** What ends a reading that would not end by itself; the processors may be busy with other things. */
  private static final long WATCHDOG_SECONDS = 60;
  private static final long MOST_BYTES = 256_000_000;
  private static final int WORD = 8;

  /** What a reading took: a processor's time and memory. */
  private record Cost(long nanoseconds, long bytes) {}

  private final Path name;
  private final byte[] original;
  private final byte[] bytes;
  private final int[] structure;
  private final ZipChecksums checksums;
  private int read;
  private int refused;
  private long slowest;
  private long largest;

  Mutations(Path name, byte[] original) {
    this.name = name;
    this.original = original;
    this.bytes = original.clone();
    this.checksums = ZipChecksums.of(original);
    this.structure = IntStream.range(0, original.length / WORD).map(i -> i * WORD).filter(this::structural).toArray();
  }

  private boolean structural(int at) {
    int zeros = 0;
    int letters = 0;
    for (int i = at; i < at + WORD; i++) {
      zeros += original[i] == 0 ? 1 : 0;
      letters += original[i] >= 0x20 && original[i] < 0x7f ? 1 : 0;
    }
    return zeros >= 3 && zeros < WORD || letters >= 6;
  }

  /** Mutations of one seed each, so that one that fails can be run alone. */
  void run(int from, int to) {
    var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var worker = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    try {
      for (int seed = from; seed < to; seed++) {
        int length = mutate(new Random(seed));
        if (seed % 2 == 0) {
          // A check sum catches nearly everything; a hostile file has right ones.
          checksums.correct(bytes);
        }
        Future<Cost> outcome = worker.submit(() -> {
          long start = thread.getCurrentThreadCpuTime();
          long before = thread.getCurrentThreadAllocatedBytes();
          readAll(MemorySegment.ofArray(bytes).asSlice(0, length));
          return new Cost(thread.getCurrentThreadCpuTime() - start, thread.getCurrentThreadAllocatedBytes() - before);
        });
        await(outcome, seed);
        System.arraycopy(original, 0, bytes, 0, bytes.length);
      }
    } finally {
      // not close(), which would wait for a reading that does not end
      worker.shutdownNow();
    }
    System.out.printf(Locale.ROOT, "%s: %d mutations read, %d refused; slowest %.0f ms, largest %.1f MB%n",
        name.getFileName(), read, refused, slowest / 1e6, largest / 1e6);
    assertTrue(refused > 0, "some mutation must do harm, or this tests nothing");
  }

  private void await(Future<Cost> outcome, int seed) {
    try {
      Cost cost = outcome.get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
      largest = Math.max(largest, cost.bytes);
      slowest = Math.max(slowest, cost.nanoseconds);
      assertTrue(cost.bytes <= MOST_BYTES && cost.nanoseconds <= MOST_NANOSECONDS,
          name + ", seed " + seed + ": " + cost);
    } catch (TimeoutException e) {
      // The worker cannot be stopped; end the test here, with its stack, rather than wait for it.
      Thread.getAllStackTraces().forEach((thread, stack) -> {
        if (thread.isDaemon() && stack.length > 5) {
          System.out.println(thread + " " + Arrays.toString(stack));
        }
      });
      throw new AssertionError(name + ", seed " + seed + ": still reading after " + WATCHDOG_SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw new AssertionError(name + ", seed " + seed + ": " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(e);
    }
  }

  private void readAll(MemorySegment file) {
    try (var tensors = TensorFile.in(name, file)) {
      for (StoredTensor tensor : tensors.tensors().values()) {
        if (tensor.floating() && tensor.elements() > 0) {
          assertEquals(tensor.elements(), tensor.read().shape().size(), tensor.name());
        }
      }
      WeightFile.of(tensors, ImportOptions.recognised());
      read++;
    } catch (WeightFileException e) {
      assertTrue(e.getMessage().length() > 20, e.getMessage());
      refused++;
    }
  }

  /** Changes the bytes and gives how many of them are left. */
  private int mutate(Random random) {
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextBoolean() || structure.length == 0
          ? random.nextInt(original.length)
          : structure[random.nextInt(structure.length)] + random.nextInt(WORD);
      change(random, at);
    }
    return random.nextInt(8) == 0 ? random.nextInt(original.length) : original.length;
  }

  private void change(Random random, int at) {
    int word = Math.min(at & -WORD, Math.max(0, bytes.length - WORD));
    int length = Math.min(WORD, bytes.length - word);
    switch (random.nextInt(7)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      // a length: the greatest, or a negative one
      case 2 -> Arrays.fill(bytes, word, word + length, (byte) (random.nextBoolean() ? 0xff : 0x7f));
      case 3 -> bytes[at] = (byte) (bytes[at] + (random.nextBoolean() ? 1 : -1));
      // two words of the structure change places
      case 4, 5 -> {
        int other = structure.length == 0 ? 0 : structure[random.nextInt(structure.length)];
        int count = Math.min(random.nextBoolean() ? 4 : WORD, Math.min(bytes.length - word, bytes.length - other));
        byte[] kept = Arrays.copyOfRange(bytes, word, word + count);
        System.arraycopy(bytes, other, bytes, word, count);
        System.arraycopy(kept, 0, bytes, other, count);
      }
      default -> Arrays.fill(bytes, word, word + length, (byte) 0);
    }
  }
}
