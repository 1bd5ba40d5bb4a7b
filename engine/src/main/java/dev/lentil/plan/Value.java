package dev.lentil.plan;

import dev.lentil.tensor.Shape;

/**
 * One numbered value of a plan: an activation, a gradient, or saved statistics.
 *
 * @param id its number, the index in {@link Plan#values()}
 * @param name to read: the layer whose output it is, or {@code d(layer)} for a gradient
 * @param shape one sample's shape, or for {@link Extent#PER_BATCH} the whole
 * @param placement where it must be kept
 * @param slot the memory it shares with other values whose lifetimes do not overlap, an index in {@link Plan#slots()};
 *     -1 for a value inside a fused step, which never leaves it
 */
public record Value(int id, String name, Shape shape, Extent extent, Placement placement, int slot) {

  /** Whether there is one for each sample of the batch. */
  public enum Extent { PER_SAMPLE, PER_BATCH }

  /**
   * {@code SAMPLE}: written and read within one per-sample phase only, so a thread needs room for a single sample.
   * {@code GROUP}: within one independent phase only, so there must be room for as many samples as are taken together.
   * {@code BATCH}: the whole batch is kept.
   */
  public enum Placement { SAMPLE, GROUP, BATCH }

  /** The number of elements for a batch of {@code n}. */
  public long size(int n) {
    return extent == Extent.PER_SAMPLE ? (long) n * shape.size() : shape.size();
  }
}
