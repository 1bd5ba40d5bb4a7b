package dev.lentil.backend.cpu;

import dev.lentil.plan.Step;

/** Batch normalisation with the statistics of the batch, as a step of its own. */
final class NormalizeBatchOp extends Op {
  private static final int ROWS = 128;

  private final Step.NormalizeBatch step;
  private final BatchMoments moments;
  private final NormalizedInput input;
  private final int rowsPerSample;
  private final int c;

  NormalizeBatchOp(Step.NormalizeBatch step, BatchMoments moments, NormalizedInput input, int rowsPerSample, int c) {
    this.step = step;
    this.moments = moments;
    this.input = input;
    this.rowsPerSample = rowsPerSample;
    this.c = c;
  }

  @Override
  void run(Frame frame, Workers workers) {
    float[] x = frame.array(step.x());
    int xOff = frame.offset(step.x());
    Partition groups = Partition.of(frame.samples() * rowsPerSample, 4 * ROWS, 1);
    moments.start(groups.groups());
    groups.run(workers, ROWS, (group, from, to) -> moments.add(group, to - from, x, xOff + from * c));
    moments.finish(frame);
    input.prepare(frame);
    groups.run(workers, ROWS, (_, from, to) -> input.apply(to - from, x, xOff + from * c, frame.array(step.y()),
        frame.offset(step.y()) + from * c));
  }
}
