package dev.lentil.backend.cpu;

import dev.lentil.backend.Batch;
import dev.lentil.backend.RunState;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Value;
import dev.lentil.plan.Value.Extent;
import dev.lentil.plan.Value.Placement;

/**
 * Where the values of a running plan are: for the whole batch ({@code sample} 0, {@code samples} the batch), or for one
 * sample of it, whose private values have arrays of their own.
 *
 * @param inputIsShared whether the images lie in the caller's own array
 */
record Frame(Plan plan, Places places, float[][] slots, int sample, int samples, Batch batch, RunState state,
    boolean inputIsShared) {

  float[] array(int value) {
    return slots[plan.value(value).slot()];
  }

  /** The first element of the value, in {@link #array}. */
  int offset(int value) {
    Value v = plan.value(value);
    boolean inBatch = v.placement() == Placement.BATCH && v.extent() == Extent.PER_SAMPLE;
    int first = inputIsShared && value == plan.input() ? 0 : places.first(value);
    return inBatch ? first + sample * v.shape().size() : first;
  }
}
