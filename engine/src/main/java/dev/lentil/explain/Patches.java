package dev.lentil.explain;

import java.util.stream.IntStream;

/**
 * Where {@link Occlusion} covers an image: squares of {@code side} pixels, {@code stride} pixels apart, the last of each
 * row and column at the edge, so that every pixel is covered at least once.
 */
public record Patches(int side, int stride) {
  public Patches {
    if (side < 1) {
      throw new IllegalArgumentException("the patch's side is " + side + ", but must be at least 1 pixel");
    }
    if (stride < 1 || stride > side) {
      throw new IllegalArgumentException("the stride is " + stride + ", but must be at least 1 and at most the patch's "
          + "side, " + side + ": else some pixels are never covered");
    }
  }

  /** The first pixels of the patches along an axis of the image. */
  int[] starts(int extent) {
    int last = Math.max(0, extent - side);
    return IntStream.concat(IntStream.iterate(0, start -> start < last, start -> start + stride), IntStream.of(last))
        .toArray();
  }

  /** How many patches cover an image. */
  public int count(int height, int width) {
    return starts(height).length * starts(width).length;
  }
}
