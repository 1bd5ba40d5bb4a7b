package dev.lentil.backend;

import dev.lentil.plan.Step;
import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;

/**
 * Which elements a dropout step keeps. Every backend on the CPU asks this class, so that all keep the same ones: element
 * {@code e} of sample {@code i} is kept if number {@code i * features + e} of the stream keyed by the run's seed, stage,
 * step and the layer's operation is at least the rate rounded to float32. The backward step asks again instead of
 * storing the answer.
 */
public final class DropoutMask {
  private final Philox stream;
  private final float rate;
  private final double scale;

  public DropoutMask(Step.DropOut step, RunState state) {
    stream = Philox.at(state.seed(), state.stage(), Math.toIntExact(state.step()),
        RandomUse.DROPOUT.operation(step.operation()));
    rate = (float) step.layer().rate();
    scale = 1 / (1 - step.layer().rate());
  }

  /** What a kept element is multiplied by: {@code 1 / (1 - rate)}. */
  public double scale() {
    return scale;
  }

  /** For {@code count} consecutive elements of the batch from {@code first}: 1 where kept, 0 where dropped. */
  public float[] elements(long first, int count) {
    float[] mask = new float[count];
    stream.fillUniform(first, mask, 0, count);
    for (int i = 0; i < count; i++) {
      mask[i] = mask[i] >= rate ? 1 : 0;
    }
    return mask;
  }
}
