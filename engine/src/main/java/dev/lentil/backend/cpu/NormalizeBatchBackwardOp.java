package dev.lentil.backend.cpu;

import dev.lentil.plan.Step;

/** Gradients of batch normalisation through the batch's statistics, as a step of its own; see {@link GradientSums}. */
final class NormalizeBatchBackwardOp extends Op {
  private final Step.NormalizeBatchBackward step;
  private final NormalizedInput input;
  private final GradientSums sums;
  private final RawGradient raw;
  private final int rowsPerSample;
  private final int c;

  NormalizeBatchBackwardOp(Step.NormalizeBatchBackward step, NormalizedInput input, GradientSums sums, RawGradient raw,
      int rowsPerSample, int c) {
    this.step = step;
    this.input = input;
    this.sums = sums;
    this.raw = raw;
    this.rowsPerSample = rowsPerSample;
    this.c = c;
  }

  @Override
  void run(Frame frame, Workers workers) {
    input.prepare(frame);
    int rows = frame.samples() * rowsPerSample;
    float[] x = frame.array(step.forward().x());
    int xOff = frame.offset(step.forward().x());
    float[] dy = frame.array(step.dy());
    int dyOff = frame.offset(step.dy());
    Partition groups = Partition.ofRows(rows);
    sums.start(groups.groups());
    groups.run(workers, Partition.BLOCK,
        (group, from, to) -> sums.add(group, to - from, input, x, xOff + from * c, dy, dyOff + from * c));
    float[] coefficients = new float[3 * c];
    sums.finish(frame, rows, coefficients);
    step.dx().ifPresent(target -> {
      raw.prepare(frame.array(step.forward().saved()), coefficients);
      groups.run(workers, Partition.BLOCK,
          (_, from, to) -> raw.apply(to - from, dy, dyOff + from * c, x, xOff + from * c,
              OpFactory.finish(target), frame.array(target.value()), frame.offset(target.value()) + from * c));
    });
  }
}
