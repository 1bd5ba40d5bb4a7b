package dev.lentil.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The extents of a tensor, outermost first: {@code [n,h,w,c]} for a batch of images, {@code [h,w,c]} for one sample,
 * {@code [kh,kw,in,out]} for a convolution kernel. Immutable; every extent is at least 1. A scalar has rank 0.
 */
public final class Shape {
  private final int[] extents;

  private Shape(int[] extents) {
    this.extents = extents;
  }

  /**
   * @throws IllegalArgumentException if an extent is below 1 or the element count exceeds 2^31-1
   */
  public static Shape of(int... extents) {
    long count = 1;
    for (int extent : extents) {
      if (extent < 1) {
        throw new IllegalArgumentException("shape " + Arrays.toString(extents) + " has an extent below 1");
      }
      count = Math.multiplyExact(count, (long) extent);
      if (count > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("shape " + Arrays.toString(extents) + " has more than 2^31-1 elements");
      }
    }
    return new Shape(extents.clone());
  }

  public int rank() {
    return extents.length;
  }

  /** The extent of one axis; negative axes count from the end, so {@code -1} is the channel axis. */
  public int extent(int axis) {
    return extents[axis < 0 ? axis + extents.length : axis];
  }

  /** The number of elements. */
  public int size() {
    int size = 1;
    for (int extent : extents) {
      size *= extent;
    }
    return size;
  }

  /** This shape with one more, outermost axis: {@code [h,w,c]} becomes {@code [n,h,w,c]}. */
  public Shape batched(int n) {
    int[] batched = new int[extents.length + 1];
    batched[0] = n;
    System.arraycopy(extents, 0, batched, 1, extents.length);
    return of(batched);
  }

  public int[] toArray() {
    return extents.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(extents);
  }

  @Override
  public String toString() {
    return Arrays.stream(extents).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
  }
}
