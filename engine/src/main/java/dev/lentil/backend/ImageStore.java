package dev.lentil.backend;

/** Images in a device's own memory, as bytes, for batches to name: see {@link Device#store}. */
public interface ImageStore extends AutoCloseable {
  int height();

  int width();

  int count();

  /** Gives the memory back; no batch may name its images any more. */
  @Override
  void close();
}
