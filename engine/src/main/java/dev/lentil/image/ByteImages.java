package dev.lentil.image;

/** Images of one size, by number. Safe for several threads. */
public interface ByteImages {
  int height();

  int width();

  int count();

  /** Copies image {@code index} into the start of {@code rgb} as [height,width,3] bytes, red first. */
  void copy(int index, byte[] rgb);
}
