package dev.lentil.backend.cpu;

import dev.lentil.plan.Step;

/** Batch normalisation with the statistics of the batch, as a step of its own. */
final class NormalizeBatchOp extends Op {
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
    Partition groups = Partition.ofRows(frame.samples() * rowsPerSample);
    moments.start(groups.groups());
    groups.run(workers, Partition.BLOCK, (group, from, to) -> moments.add(group, to - from, x, xOff + from * c));
    moments.finish(frame);
    input.prepare(frame);
    groups.run(workers, Partition.BLOCK,
        (_, from, to) -> input.apply(to - from, x, xOff + from * c, frame.array(step.y()),
            frame.offset(step.y()) + from * c));
  }
}
