package dev.lentil.backend.cpu;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cpu.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrays by number, made when first asked for and replaced when a larger one is: the first array of one plan and the first
 * of another are the same memory.
 */
final class Memory {
  private static final float[] NONE = {};

  private final List<float[]> arrays = new ArrayList<>();

  /**
   * Array {@code index} with at least {@code size} elements behind {@link Kernels#FRONT} and before {@link Kernels#SLACK}. Its
   * content is undefined.
   */
  float[] array(int index, long size) {
    while (arrays.size() <= index) {
      arrays.add(NONE);
    }
    long needed = Kernels.FRONT + size + Kernels.SLACK;
    if (arrays.get(index).length < needed) {
      int length = BackendException.requireArray(needed);
      arrays.set(index, NONE);
      arrays.set(index, new float[length]);
    }
    return arrays.get(index);
  }
}
