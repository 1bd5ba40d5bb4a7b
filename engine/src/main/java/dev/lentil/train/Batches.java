package dev.lentil.train;

import dev.lentil.backend.Batch;
import java.util.Iterator;
import java.util.List;

/** Batches in order. The next batch may reuse the arrays of a batch. */
public interface Batches extends Iterator<Batch>, AutoCloseable {
  @Override
  void close();

  /** Batches that are all in memory. */
  static Batches of(List<Batch> list) {
    Iterator<Batch> iterator = list.iterator();
    return new Batches() {
      @Override
      public boolean hasNext() {
        return iterator.hasNext();
      }

      @Override
      public Batch next() {
        return iterator.next();
      }

      @Override
      public void close() {
        // nothing is held
      }
    };
  }
}
