package dev.lentil.backend.cuda;

import dev.lentil.backend.BackendException;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Value;
import dev.lentil.plan.Value.Extent;

/**
 * Where each value of a plan lies in the plan's memory: the inbox first, then the plan's slots. Every slot holds the whole
 * batch, since a card takes all samples through a step at once.
 */
final class Layout {
  /** Below 2^31 by more than what a kernel's threads step past the end, where a count that wraps round would begin anew. */
  static final int MOST_ELEMENTS = Integer.MAX_VALUE - (1 << 22);

  private final Inbox inbox;
  private final long[] slotOffsets;
  private final Plan plan;
  private final Storage storage;
  private final long bytes;

  /** @throws BackendException if the batch is too large for kernels to count its elements */
  Layout(Plan plan, Storage storage) {
    this.plan = plan;
    this.storage = storage;
    long[] sizes = new long[plan.slots().size()];
    for (Value value : plan.values()) {
      if (value.slot() >= 0) {
        long elements = countable(value.size(plan.batch()), plan.batch());
        sizes[value.slot()] = Math.max(sizes[value.slot()], elements * elementBytes(value));
      }
    }
    inbox = Inbox.of(plan);
    slotOffsets = new long[sizes.length];
    long at = Inbox.align(inbox.bytes());
    for (int slot = 0; slot < sizes.length; slot++) {
      slotOffsets[slot] = at;
      at = Inbox.align(at + sizes[slot]);
    }
    if (inputLiesInInbox()) {
      slotOffsets[plan.value(plan.input()).slot()] = inbox.images();
    }
    bytes = at;
  }

  /**
   * Elements of a whole batch as kernels count them, in 32 bits.
   *
   * @throws BackendException if they are too many for that
   */
  static int countable(long elements, int batch) {
    if (elements > MOST_ELEMENTS) {
      throw new BackendException("a batch of " + batch + " needs an activation of " + elements
          + " elements, more than " + MOST_ELEMENTS + ": use a smaller batch");
    }
    return (int) elements;
  }

  /** Statistics are float32 whatever activations are. */
  private int elementBytes(Value value) {
    return value.extent() == Extent.PER_BATCH ? 4 : storage.bytes();
  }

  Inbox inbox() {
    return inbox;
  }

  /** Whether images arrive in the type that activations have, so that the input needs no other place. */
  boolean inputLiesInInbox() {
    return storage == Storage.FLOAT32;
  }

  /** Where a value starts, in bytes. */
  long offset(int value) {
    int slot = plan.value(value).slot();
    if (slot < 0) {
      throw new IllegalArgumentException("value " + value + " lies inside a fused step");
    }
    return slotOffsets[slot];
  }

  long bytes() {
    return bytes;
  }
}
