package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Slot;
import dev.lentil.plan.Value;
import dev.lentil.plan.Value.Extent;
import dev.lentil.plan.Value.Placement;

/**
 * Where the values of a plan lie in its slots.
 *
 * <p>Values of different sizes take turns in a slot, and threads share out the rows of each from front to back. So a value
 * lies in the middle of its slot: then each half of the slot is written by the same threads all the time. A core that
 * writes a line of memory has to fetch it from the core that wrote it last, and that one may be far away.
 */
final class Places {
  /** Elements of a cache line. */
  static final int LINE = 16;

  private final Plan plan;
  private final boolean independentTogether;
  private final int[] firsts;

  /** @param independentTogether whether the steps of an independent phase take all samples, not each sample by itself */
  Places(Plan plan, boolean independentTogether) {
    this.plan = plan;
    this.independentTogether = independentTogether;
    firsts = plan.values().stream().mapToInt(this::find).toArray();
  }

  /** Whether all samples' values lie in one array, not one sample's at a time in an array of each worker. */
  boolean isShared(Slot slot) {
    return switch (slot.placement()) {
      case SAMPLE -> false;
      case GROUP -> independentTogether;
      case BATCH -> true;
    };
  }

  /** The elements of one of a slot's arrays. */
  long elements(Slot slot) {
    return slot.placement() == Placement.GROUP && !isShared(slot) ? slot.size() / plan.batch() : slot.size();
  }

  /** Where in its slot's array a value begins. */
  int first(int value) {
    return firsts[value];
  }

  private int find(Value value) {
    if (value.slot() < 0 || value.extent() == Extent.PER_BATCH) {
      return 0;
    }
    if (value.placement() == Placement.BATCH) {
      // to move the values of a training step as well gained nothing: docs/tuning.md, Inference
      return Kernels.FRONT;
    }
    Slot slot = plan.slots().get(value.slot());
    long spare = elements(slot) - value.size(isShared(slot) ? plan.batch() : 1);
    return Kernels.FRONT + Math.toIntExact(spare / 2 / LINE * LINE);
  }
}
