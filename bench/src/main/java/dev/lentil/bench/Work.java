package dev.lentil.bench;

/**
 * What some code does at the least.
 *
 * @param operations floating-point operations, two for each multiply-add
 * @param bytes what it must read and write, each value once
 */
public record Work(double operations, double bytes) {

  /** 10^9 operations a second, if it took so long. */
  public double gigaflops(double nanos) {
    return operations / nanos;
  }

  /** 10^9 bytes a second, if it took so long. */
  public double gigabytes(double nanos) {
    return bytes / nanos;
  }

  /**
   * The least time that it can take, in nanoseconds, if arithmetic and memory traffic overlap. Source: Williams, Waterman
   * and Patterson 2009, "Roofline".
   *
   * @param gigaflops the machine's arithmetic, 10^9 operations a second
   * @param gigabytes the machine's memory, 10^9 bytes a second
   */
  public double roofline(double gigaflops, double gigabytes) {
    return Math.max(operations / gigaflops, bytes / gigabytes);
  }
}
