package dev.lentil.ham10000.demo;

import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import java.util.random.RandomGenerator;

/**
 * The random draws that make one thing (a lesion, a photograph of it, a pattern), one after the other. A thing is named
 * by a stream and an index, so each is the same whatever was drawn before it and on whichever thread. Not safe for use
 * by several threads at once.
 */
final class Draws implements RandomGenerator {
  /** What is drawn; the numbers are part of what makes a data set repeatable. */
  enum Stream {
    LESION, VIEW, GRAIN, METADATA, PATTERN
  }

  private final Philox philox;
  private final long index;
  private int lane;

  Draws(long seed, Stream stream, long index) {
    this.philox = Philox.at(seed, 0, 0, RandomUse.SYNTHETIC_DATA.operation(stream.ordinal()));
    this.index = index;
  }

  @Override
  public int nextInt() {
    return philox.word(index, lane++);
  }

  @Override
  public long nextLong() {
    return ((long) nextInt() << 32) | (nextInt() & 0xFFFFFFFFL);
  }

  /** Uniform between the two. */
  double between(double low, double high) {
    return low + (high - low) * nextDouble();
  }

  /** True in this share of the draws. */
  boolean chance(double probability) {
    return nextDouble() < probability;
  }

  /** Normal, cut at two and a half standard deviations so that no extreme draw spoils a picture. */
  double normal(double mean, double deviation) {
    return mean + deviation * Math.clamp(nextGaussian(), -2.5, 2.5);
  }
}
