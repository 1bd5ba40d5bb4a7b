package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;

/**
 * A thread's own working memory for what lives within one call; kept, so that it stays in cache. Content undefined. The calling
 * thread works in memory of the device's ({@link #in}), so that a program's threads keep none.
 */
enum Scratch {
  /** Patches of a convolution's input, or its input with the mean taken off. */
  PATCHES,
  /** Wide rows of an inverted residual, or their gradient. */
  WIDE,
  /** An output row of a depthwise convolution, for one group of channels. */
  ROW,
  /** What the depthwise convolution makes of the wide rows. */
  FILTERED,
  /** What a training step's convolution reads, normalised. */
  INPUT,
  /** The gradient of what that convolution writes, before the normalisation after it. */
  GRADIENT,
  /** Sums over a block of rows, for each channel. */
  SUMS,
  /** Sums of products over a block of rows, for each channel. */
  PRODUCTS,
  /** What the calling thread lends to all: filtered channels of a whole image, or parts of a kernel gradient. */
  SHARED;

  private static final ThreadLocal<Memory> MEMORY = ThreadLocal.withInitial(Memory::new);

  /** An array with at least {@code size} elements behind {@link Kernels#FRONT} and before {@link Kernels#SLACK}. */
  float[] of(int size) {
    return MEMORY.get().array(ordinal(), size);
  }

  /** Does work for which the calling thread takes this memory. */
  static void in(Memory memory, Runnable work) {
    MEMORY.set(memory);
    try {
      work.run();
    } finally {
      MEMORY.remove();
    }
  }
}
