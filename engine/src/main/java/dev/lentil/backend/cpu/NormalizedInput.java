package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.plan.Step;

/** A batch normalisation with the statistics of the batch, and the ReLU6 after it, applied to rows as they are read. */
final class NormalizedInput {
  private final Kernels kernels;
  private final CpuParameters parameters;
  private final Step.NormalizeBatch norm;
  private final Finish finish;
  private final int c;
  private final float[] scale;
  private final float[] shift;
  private float[] saved = {};

  NormalizedInput(Kernels kernels, CpuParameters parameters, Step.NormalizeBatch norm, Finish finish, int channels) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.norm = norm;
    this.finish = finish;
    c = channels;
    scale = new float[c + Kernels.SLACK];
    shift = new float[c + Kernels.SLACK];
  }

  /** Reads the statistics, gamma and beta. */
  void prepare(Frame frame) {
    saved = frame.array(norm.saved());
    int gamma = parameters.offset(norm.layer().name() + "/gamma");
    int beta = parameters.offset(norm.layer().name() + "/beta");
    for (int i = 0; i < c; i++) {
      scale[i] = parameters.values()[gamma + i] * saved[c + i];
      shift[i] = parameters.values()[beta + i];
    }
  }

  void apply(int rows, float[] x, int xOff, float[] y, int yOff) {
    kernels.normalize(rows, c, x, xOff, saved, scale, shift, finish, y, yOff);
  }

  /**
   * Takes the gradient {@code dy} of the result back through ReLU6, if there is one, in place.
   *
   * @param x the rows that were normalised
   * @param sum receives {@code [c]}: the gradient's sum over the rows
   * @param product receives {@code [c]}: the sum of {@code dy (x - mean)}
   */
  void sums(int rows, float[] x, int xOff, float[] dy, int dyOff, float[] sum, float[] product) {
    if (finish == Finish.RELU6) {
      kernels.rectifiedSums(rows, c, x, xOff, saved, scale, shift, dy, dyOff, sum, product);
    } else {
      kernels.columnSums(rows, c, dy, dyOff, sum);
      kernels.columnProducts(rows, c, dy, dyOff, x, xOff, saved, product);
    }
  }
}
