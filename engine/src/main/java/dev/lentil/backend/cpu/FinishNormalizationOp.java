package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.plan.Step;

/** {@link Step.FinishNormalization}; a unit is a row of channels. */
final class FinishNormalizationOp extends Op {
  private final Kernels kernels;
  private final Step.FinishNormalization step;
  private final NormalizedInput input;
  private final int rowsPerSample;
  private final int c;

  FinishNormalizationOp(Kernels kernels, Step.FinishNormalization step, NormalizedInput input, int rowsPerSample,
      int channels) {
    this.kernels = kernels;
    this.step = step;
    this.input = input;
    this.rowsPerSample = rowsPerSample;
    c = channels;
  }

  @Override
  void run(Frame frame, Workers workers) {
    input.prepare(frame);
    int x = step.normalization().norm().x();
    float[] y = frame.array(step.y());
    // nothing is summed: a block is enough for a task
    Partition.of(frame.samples() * rowsPerSample, Partition.BLOCK, 1).run(workers, Partition.BLOCK, (_, from, to) -> {
      int at = frame.offset(step.y()) + from * c;
      input.apply(to - from, frame.array(x), frame.offset(x) + from * c, y, at);
      step.other().ifPresent(other -> kernels.add((to - from) * c, y, at, frame.array(other),
          frame.offset(other) + from * c, y, at));
    });
  }
}
