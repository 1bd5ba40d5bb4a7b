package dev.lentil.backend.cpu;

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
   * @param scratch room for the largest window
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
   * @return where row 0 would be in {@link #array}: before its beginning, unless {@code from} is 0
   */
  int moveTo(int from, int to) {
    int kept = Math.max(0, end - from);
    System.arraycopy(array, Math.min(from - first, end - first) * size, array, 0, kept * size);
    if (from + kept < to) {
      maker.make(from + kept, to - from - kept, array, kept * size);
    }
    first = from;
    end = Math.max(from + kept, to);
    return -from * size;
  }
}
