package dev.lentil.backend.cuda.driver;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps a card's recordings and the calls that must not fall into one apart.
 *
 * <p>While a stream is recorded, no thread may use the legacy stream of its context, whatever the recording's mode: the call
 * fails, and the recording with it. Copies and memsets that name no stream do use it, and so may whatever waits for the whole
 * context: memory that is taken or given back, kernels that are loaded, cuBLAS and cuDNN as they start, stop and load their
 * own kernels. Two devices of one card share its primary context, so the lock is the card's, not the device's.
 *
 * <p>A thread that has it may take it again. It is held for single calls, for a recording, which only gives work, and for
 * the first run of an executable; nothing that is done under it waits for another thread.
 */
public final class RecordingLock {
  private static final Map<Integer, RecordingLock> OF_CARDS = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();

  private RecordingLock() {}

  /** The lock, taken; closed by the thread that took it. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** @param card its number, as in {@link DeviceInfo#index()} */
  static RecordingLock of(int card) {
    return OF_CARDS.computeIfAbsent(card, _ -> new RecordingLock());
  }

  /** Waits until no other thread has it. */
  public Held hold() {
    lock.lock();
    return lock::unlock;
  }
}
