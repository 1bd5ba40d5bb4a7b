package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.plan.Step;

/**
 * Mean and variance of a batch for a batch normalisation, of rows that are handed over block by block while they are in cache.
 * The first block of a group gives a point near the mean, from which the distances of all its rows and their squares are
 * summed: float32 within a block, float64 over the blocks. Groups are joined by Chan's formula. So no large number is
 * subtracted from another.
 */
final class BatchMoments {
  private final Kernels kernels;
  private final CpuParameters parameters;
  private final Step.NormalizeBatch step;
  private final int c;
  private Group[] groups = {};

  BatchMoments(Kernels kernels, CpuParameters parameters, Step.NormalizeBatch step, int channels) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.step = step;
    c = channels;
  }

  private final class Group {
    private final float[] center = new float[c + Kernels.SLACK];
    private final float[] sum = new float[c + Kernels.SLACK];
    private final float[] squares = new float[c + Kernels.SLACK];
    private final double[] totals = new double[2 * c];
    private long rows;

    private void add(int count, float[] x, int at) {
      if (rows == 0) {
        kernels.columnSums(count, c, x, at, center);
        for (int i = 0; i < c; i++) {
          center[i] /= count;
        }
      }
      kernels.columnMoments(count, c, x, at, center, sum, squares);
      for (int i = 0; i < c; i++) {
        totals[i] += sum[i];
        totals[c + i] += squares[i];
      }
      rows += count;
    }
  }

  /** Begins a batch whose rows come in so many groups. */
  void start(int count) {
    groups = new Group[count];
  }

  /** Rows of a group; those of one group come in order and one call after the other. */
  void add(int group, int rows, float[] x, int xOff) {
    if (groups[group] == null) {
      groups[group] = new Group();
    }
    groups[group].add(rows, x, xOff);
  }

  /** Writes the batch's statistics into {@code saved} and moves the moving statistics. */
  void finish(Frame frame) {
    double[] mean = new double[c];
    double[] squares = new double[c];
    long rows = join(mean, squares);
    groups = new Group[] {};
    float[] saved = frame.array(step.saved());
    String layer = step.layer().name();
    float[] values = parameters.values();
    int movingMean = parameters.offset(layer + "/moving_mean");
    int movingVariance = parameters.offset(layer + "/moving_variance");
    double momentum = step.layer().momentum();
    for (int i = 0; i < c; i++) {
      double variance = squares[i] / rows;
      saved[i] = (float) mean[i];
      saved[c + i] = (float) (1 / Math.sqrt(variance + step.layer().epsilon()));
      values[movingMean + i] = (float) (values[movingMean + i] * momentum + mean[i] * (1 - momentum));
      values[movingVariance + i] = (float) (values[movingVariance + i] * momentum + variance * (1 - momentum));
    }
    parameters.changed(layer + "/moving_mean");
    parameters.changed(layer + "/moving_variance");
  }

  /** Chan, Golub and LeVeque 1979: the mean and the squares about it of two sets from those of each. */
  private long join(double[] mean, double[] squares) {
    long rows = 0;
    for (Group group : groups) {
      long together = rows + group.rows;
      double weight = (double) group.rows / together;
      double between = rows * weight;
      for (int i = 0; i < c; i++) {
        double shift = group.totals[i] / group.rows;
        double distance = group.center[i] + shift - mean[i];
        mean[i] += distance * weight;
        squares[i] += group.totals[c + i] - shift * group.totals[i] + distance * distance * between;
      }
      rows = together;
    }
    return rows;
  }
}
