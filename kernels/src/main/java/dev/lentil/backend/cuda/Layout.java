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
  private final Inbox inbox;
  private final long[] slotOffsets;
  private final Plan plan;
  private final Storage storage;
  private final long bytes;

  Layout(Plan plan, Storage storage) {
    this.plan = plan;
    this.storage = storage;
    inbox = Inbox.of(plan);
    long[] sizes = new long[plan.slots().size()];
    for (Value value : plan.values()) {
      if (value.slot() >= 0) {
        requireCountable(value);
        sizes[value.slot()] = Math.max(sizes[value.slot()], value.size(plan.batch()) * elementBytes(value));
      }
    }
    slotOffsets = new long[sizes.length];
    long at = Inbox.align((long) inbox.bytes());
    for (int slot = 0; slot < sizes.length; slot++) {
      slotOffsets[slot] = at;
      at = Inbox.align(at + sizes[slot]);
    }
    if (inputLiesInInbox()) {
      slotOffsets[plan.value(plan.input()).slot()] = inbox.images();
    }
    bytes = at;
  }

  /** Kernels count elements in 32 bits. */
  private void requireCountable(Value value) {
    if (value.size(plan.batch()) > Integer.MAX_VALUE) {
      throw new BackendException("an activation of this batch has " + value.size(plan.batch())
          + " elements, more than 2^31: use a smaller batch");
    }
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
