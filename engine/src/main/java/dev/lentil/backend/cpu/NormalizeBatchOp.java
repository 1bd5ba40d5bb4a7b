package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.plan.Step;

/**
 * Batch normalisation with the statistics of the batch. Mean and variance are taken in one pass over memory: each block of
 * rows gives its mean and its sum of squares about that mean while it is in cache, and blocks are joined by Chan's formula,
 * so no large number is subtracted from another.
 */
final class NormalizeBatchOp extends Op {
  private final Kernels kernels;
  private final CpuParameters parameters;
  private final Step.NormalizeBatch step;
  private final int rowsPerSample;
  private final int c;
  private final float[] scale;
  private final float[] shift;

  NormalizeBatchOp(Kernels kernels, CpuParameters parameters, Step.NormalizeBatch step, int rowsPerSample, int c) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.step = step;
    this.rowsPerSample = rowsPerSample;
    this.c = c;
    scale = new float[c + Kernels.SLACK];
    shift = new float[c + Kernels.SLACK];
  }

  @Override
  void run(Frame frame, Workers workers) {
    int rows = frame.samples() * rowsPerSample;
    float[] x = frame.array(step.x());
    int xOff = frame.offset(step.x());
    double[] joined = new double[2 * c + 1];
    for (double[] group : ChannelStatistics.groups(rows, 2 * c + 1, workers,
        (from, count, totals) -> addBlock(x, xOff + from * c, count, totals))) {
      join(joined, group);
    }
    float[] saved = frame.array(step.saved());
    updateStatistics(joined, rows, saved);
    float[] y = frame.array(step.y());
    int yOff = frame.offset(step.y());
    int perTask = 256;
    workers.run((rows + perTask - 1) / perTask, (task, _) -> {
      int from = task * perTask;
      kernels.normalize(Math.min(perTask, rows - from), c, x, xOff + from * c, saved, scale, shift, y, yOff + from * c);
    });
  }

  /** Totals are {@code [c]} means, {@code [c]} sums of squares about the mean, and the number of rows. */
  private void addBlock(float[] x, int at, int rows, double[] totals) {
    float[] mean = new float[c + Kernels.SLACK];
    float[] squares = new float[c + Kernels.SLACK];
    double[] block = new double[2 * c + 1];
    kernels.columnSums(rows, c, x, at, mean);
    for (int i = 0; i < c; i++) {
      mean[i] /= rows;
      block[i] = mean[i];
    }
    kernels.columnSquares(rows, c, x, at, mean, squares);
    for (int i = 0; i < c; i++) {
      block[c + i] = squares[i];
    }
    block[2 * c] = rows;
    join(totals, block);
  }

  /** Chan, Golub and LeVeque 1979: the mean and squares of two sets from those of each. */
  private void join(double[] totals, double[] more) {
    double before = totals[2 * c];
    double added = more[2 * c];
    double together = before + added;
    for (int i = 0; i < c; i++) {
      double distance = more[i] - totals[i];
      totals[i] += distance * added / together;
      totals[c + i] += more[c + i] + distance * distance * before * added / together;
    }
    totals[2 * c] = together;
  }

  private void updateStatistics(double[] totals, int rows, float[] saved) {
    String layer = step.layer().name();
    float[] values = parameters.values();
    int gamma = parameters.offset(layer + "/gamma");
    int beta = parameters.offset(layer + "/beta");
    int movingMean = parameters.offset(layer + "/moving_mean");
    int movingVariance = parameters.offset(layer + "/moving_variance");
    double momentum = step.layer().momentum();
    for (int i = 0; i < c; i++) {
      double mean = totals[i];
      double variance = totals[c + i] / rows;
      double inverse = 1 / Math.sqrt(variance + step.layer().epsilon());
      saved[i] = (float) mean;
      saved[c + i] = (float) inverse;
      scale[i] = (float) (values[gamma + i] * inverse);
      shift[i] = values[beta + i];
      values[movingMean + i] = (float) (values[movingMean + i] * momentum + mean * (1 - momentum));
      values[movingVariance + i] = (float) (values[movingVariance + i] * momentum + variance * (1 - momentum));
    }
    parameters.changed(layer + "/moving_mean");
    parameters.changed(layer + "/moving_variance");
  }
}
