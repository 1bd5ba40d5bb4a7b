package dev.lentil.backend.cpu;

import static dev.lentil.backend.cpu.kernels.Kernels.FRONT;

/**
 * Neighbouring rows of an image that are made when they are first needed and kept while a window that moves down still covers
 * them.
 */
final class SlidingRows {
  /** Makes {@code rows} rows from row {@code first} on, into {@code to} from {@code at}. */
  @FunctionalInterface
  interface Maker {
    void make(int first, int rows, float[] to, int at);
  }

  private final float[] array;
  private final int size;
  private final Maker maker;
  private int first;
  private int end;

  /**
   * @param scratch with room for the largest window
   * @param size elements of a row
   */
  SlidingRows(float[] scratch, int size, Maker maker) {
    array = scratch;
    this.size = size;
    this.maker = maker;
  }

  float[] array() {
    return array;
  }

  /**
   * Sees to it that rows {@code from..to-1} are there; {@code from} never becomes smaller.
   *
   * @return where row 0 would be in {@link #array}, which may be before its beginning
   */
  int moveTo(int from, int to) {
    int kept = Math.max(0, end - from);
    System.arraycopy(array, FRONT + Math.min(from - first, end - first) * size, array, FRONT, kept * size);
    if (from + kept < to) {
      maker.make(from + kept, to - from - kept, array, FRONT + kept * size);
    }
    first = from;
    end = Math.max(from + kept, to);
    return FRONT - from * size;
  }
}
