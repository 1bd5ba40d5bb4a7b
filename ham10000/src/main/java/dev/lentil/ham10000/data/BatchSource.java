package dev.lentil.ham10000.data;

import dev.lentil.backend.Batch;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.image.Augmentation;
import dev.lentil.ham10000.image.Transform;
import dev.lentil.image.Normalization;
import dev.lentil.random.Philox;
import dev.lentil.train.Batches;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The batches of one epoch, made ahead of their use by threads of its own. What is in a batch depends on the samples, the settings and the
 * pass alone, not on the number of threads.
 *
 * <p>Only {@code threads + 1} batches exist at a time: a thread that is further ahead waits. The arrays of a batch are used again once the
 * next one is asked for. Where a device holds the images a batch only names them, with their transformations.
 *
 * <p>For one consuming thread. Close it, also when the epoch was not read to its end.
 */
public final class BatchSource implements Batches {
  /**
   * The shape of batches.
   *
   * @param outputs 1 for labels [n,1] of 0 and 1; more for one-hot labels [n,outputs]
   * @param threads that decode and augment, at least 1
   */
  public record Settings(int batchSize, int outputs, Normalization normalization, int threads) {
    public Settings {
      if (batchSize < 1 || outputs < 1 || threads < 1) {
        throw new IllegalArgumentException(
            "batch size " + batchSize + ", outputs " + outputs + " and threads " + threads + " must be positive");
      }
    }
  }

  private final BatchMaker maker;
  private final int batches;
  private final List<Thread> workers;

  // guarded by this
  private final ArrayDeque<float[]> free = new ArrayDeque<>();
  private final Map<Integer, Made> ready = new HashMap<>();
  /** By batch, like {@code ready}, so that an error appears at the same batch for any number of threads. */
  private final Map<Integer, Throwable> failures = new HashMap<>();
  private int nextToMake;
  private int nextToGive;
  private Optional<float[]> given = Optional.empty();
  private boolean closed;

  /** @param room the array that it was made in */
  private record Made(Batch batch, float[] room) {}

  private BatchSource(BatchMaker maker, int threads, int firstBatch) {
    this.maker = maker;
    batches = maker.batches();
    if (firstBatch < 0 || firstBatch > batches) {
      throw new IllegalArgumentException("first batch " + firstBatch + " is not in 0.." + batches);
    }
    nextToMake = firstBatch;
    nextToGive = firstBatch;
    for (int i = 0; i < Math.min(threads + 1, batches - firstBatch); i++) {
      free.add(new float[maker.floats()]);
    }
    workers = IntStream.range(0, Math.min(threads, batches - firstBatch))
        .mapToObj(i -> Thread.ofPlatform().daemon().name("lentil-batches-" + i).start(this::work)).toList();
  }

  /**
   * An epoch of training: drawn and augmented by (seed, stage, epoch).
   *
   * @param firstBatch where to begin, counted from 0; the rest is as if the epoch had been read from its start
   */
  public static BatchSource training(Pixels pixels, List<Sample> samples, Settings settings, Regime regime, long seed,
      int stage, int epoch, int firstBatch) {
    Philox stream = Augmentation.stream(seed, stage, epoch);
    return new BatchSource(new BatchMaker(pixels, samples, settings,
        draw -> regime.augmentation().draw(stream, draw, pixels.height(), pixels.width()), regime.labelSmoothing(),
        regime.sampling().draws(samples, seed, stage, epoch)), settings.threads, firstBatch);
  }

  /** Every sample once, in the order of the list, as it is. */
  public static BatchSource evaluation(Pixels pixels, List<Sample> samples, Settings settings) {
    return evaluation(pixels, samples, settings, Transform.IDENTITY);
  }

  /** The same with each image changed alike. */
  public static BatchSource evaluation(Pixels pixels, List<Sample> samples, Settings settings, Transform view) {
    var order = LongStream.range(0, samples.size()).toArray();
    return new BatchSource(new BatchMaker(pixels, samples, settings, _ -> view, 0, order), settings.threads, 0);
  }

  @Override
  public synchronized boolean hasNext() {
    return !closed && nextToGive < batches;
  }

  /**
   * The next batch; waits for it.
   *
   * @throws UserError when an image of it could not be read; the source is closed then
   */
  @Override
  public Batch next() {
    Throwable cause;
    try {
      synchronized (this) {
        if (!hasNext()) {
          throw new NoSuchElementException("no batch is left of " + batches);
        }
        recycle();
        while (!ready.containsKey(nextToGive) && !failures.containsKey(nextToGive)) {
          wait();
        }
        if (ready.containsKey(nextToGive)) {
          var made = ready.remove(nextToGive++);
          given = Optional.of(made.room);
          return made.batch;
        }
        cause = failures.get(nextToGive);
      }
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a batch", e);
    }
    // outside the lock: close() waits for workers that may need it
    close();
    throw cause instanceof UserError user
        ? new UserError(user.getMessage(), user)
        : new IllegalStateException("a batch could not be made: " + cause, cause);
  }

  private void recycle() {
    given.ifPresent(free::add);
    given = Optional.empty();
    notifyAll();
  }

  private void work() {
    var rgb = new byte[maker.imageBytes()];
    while (true) {
      int number;
      float[] room;
      synchronized (this) {
        // batch numbers are taken together with an array, in order: the batch that is waited for always has one
        while (!closed && nextToMake < batches && free.isEmpty()) {
          try {
            wait();
          } catch (InterruptedException e) {
            return; // by close()
          }
        }
        if (closed || nextToMake >= batches) {
          return;
        }
        number = nextToMake++;
        room = free.remove();
      }
      try {
        var batch = maker.make(number, room, rgb);
        synchronized (this) {
          ready.put(number, new Made(batch, room));
          notifyAll();
        }
      } catch (RuntimeException | Error e) {
        synchronized (this) {
          failures.put(number, e);
          notifyAll();
        }
        return;
      }
    }
  }

  /** Stops the threads and waits for them, so that the {@link Pixels} may be closed afterwards. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      ready.clear();
      free.clear();
      notifyAll();
    }
    // a worker in the middle of a batch finishes it, and needs the lock to hand it over: it must not be held here
    boolean interrupted = false;
    for (var worker : workers) {
      interrupted |= join(worker);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean join(Thread worker) {
    boolean interrupted = false;
    while (worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
