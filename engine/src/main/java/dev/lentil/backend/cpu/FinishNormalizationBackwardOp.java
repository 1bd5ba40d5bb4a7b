package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.plan.Step;
import dev.lentil.plan.Target;

/** {@link Step.FinishNormalizationBackward}: everything that reads the gradient does so in one pass over it. */
final class FinishNormalizationBackwardOp extends Op {
  private final Kernels kernels;
  private final Step.FinishNormalizationBackward step;
  private final NormalizedInput input;
  private final GradientSums sums;
  private final int rowsPerSample;
  private final int c;

  FinishNormalizationBackwardOp(Kernels kernels, Step.FinishNormalizationBackward step, NormalizedInput input,
      GradientSums sums, int rowsPerSample, int channels) {
    this.kernels = kernels;
    this.step = step;
    this.input = input;
    this.sums = sums;
    this.rowsPerSample = rowsPerSample;
    c = channels;
  }

  @Override
  void run(Frame frame, Workers workers) {
    input.prepare(frame);
    int rows = frame.samples() * rowsPerSample;
    Partition groups = Partition.ofRows(rows);
    sums.start(groups.groups());
    int x = step.forward().normalization().norm().x();
    float[] dy = frame.array(step.dy());
    float[] dnorm = frame.array(step.dnorm());
    groups.run(workers, Partition.BLOCK, (group, from, to) -> {
      int at = frame.offset(step.dy()) + from * c;
      int place = frame.offset(step.dnorm()) + from * c;
      step.other().ifPresent(other -> pass(frame, other, from, to, dy, at));
      if (step.dnorm() != step.dy()) {
        System.arraycopy(dy, at, dnorm, place, (to - from) * c);
      }
      sums.add(group, to - from, input, frame.array(x), frame.offset(x) + from * c, dnorm, place);
    });
    sums.finish(frame, rows, frame.array(step.coefficients()));
  }

  private void pass(Frame frame, Target other, int from, int to, float[] dy, int at) {
    float[] gradient = frame.array(other.value());
    int out = frame.offset(other.value()) + from * c;
    switch (other.mode()) {
      case WRITE -> System.arraycopy(dy, at, gradient, out, (to - from) * c);
      case ACCUMULATE -> kernels.add((to - from) * c, gradient, out, dy, at, gradient, out);
    }
  }
}
