package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.plan.Step;
import dev.lentil.plan.Target;

/**
 * Gradients of batch normalisation with the moving statistics: {@code dx = dy gamma inverse}, and where the affine part is
 * trained {@code dbeta = sum dy}, {@code dgamma = sum dy (x - mean) inverse}.
 */
final class NormalizeBackwardOp extends Op {
  /** Rows that a task takes. */
  private static final int ROWS = 256;

  private final Kernels kernels;
  private final CpuParameters parameters;
  private final NormalizeOp.Statistics norm;
  private final Step.NormalizeBackward step;
  private final int rowsPerSample;
  private final int c;
  private final float[] zeros;

  NormalizeBackwardOp(Kernels kernels, CpuParameters parameters, NormalizeOp.Statistics norm,
      Step.NormalizeBackward step, int rowsPerSample, int c) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.norm = norm;
    this.step = step;
    this.rowsPerSample = rowsPerSample;
    this.c = c;
    zeros = new float[c + Kernels.SLACK];
  }

  @Override
  void refresh() {
    norm.refresh();
  }

  @Override
  void run(Frame frame, Workers workers) {
    int rows = frame.samples() * rowsPerSample;
    float[] dy = frame.array(step.dy());
    int dyOff = frame.offset(step.dy());
    if (step.forward().mode() == BatchNormMode.INFERENCE_STATISTICS) {
      affineGradients(frame, rows, dy, dyOff, workers);
    }
    if (step.dx().isPresent()) {
      Target target = step.dx().get();
      float[] dx = frame.array(target.value());
      int dxOff = frame.offset(target.value());
      workers.runParts(rows, ROWS, (from, count) -> {
        if (target.mode() == Target.Mode.WRITE) {
          kernels.normalize(count, c, dy, dyOff + from * c, zeros, norm.scale(), zeros, Finish.STORE, dx,
              dxOff + from * c);
        } else {
          float[] scaled = new float[count * c + Kernels.SLACK];
          kernels.normalize(count, c, dy, dyOff + from * c, zeros, norm.scale(), zeros, Finish.STORE, scaled, 0);
          kernels.add(count * c, dx, dxOff + from * c, scaled, 0, dx, dxOff + from * c);
        }
      });
    }
  }

  private void affineGradients(Frame frame, int rows, float[] dy, int dyOff, Workers workers) {
    String layer = step.forward().layer().name();
    int mean = parameters.offset(layer + "/moving_mean");
    int variance = parameters.offset(layer + "/moving_variance");
    float[] center = new float[c + Kernels.SLACK];
    System.arraycopy(parameters.values(), mean, center, 0, c);
    float[] x = frame.array(step.forward().x());
    int xOff = frame.offset(step.forward().x());
    Partition groups = Partition.ofRows(rows);
    double[][] totals = new double[groups.groups()][2 * c];
    groups.run(workers, Partition.BLOCK, (group, from, to) -> {
      float[] sum = Scratch.SUMS.of(c);
      float[] product = Scratch.PRODUCTS.of(c);
      kernels.columnSums(to - from, c, dy, dyOff + from * c, sum);
      kernels.columnProducts(to - from, c, dy, dyOff + from * c, x, xOff + from * c, center, product);
      for (int i = 0; i < c; i++) {
        totals[group][i] += sum[i];
        totals[group][c + i] += product[i];
      }
    });
    double[] sums = new double[2 * c];
    for (double[] group : totals) {
      for (int i = 0; i < 2 * c; i++) {
        sums[i] += group[i];
      }
    }
    float[] gradients = parameters.gradients();
    for (int i = 0; i < c; i++) {
      double inverse = 1 / Math.sqrt(parameters.values()[variance + i] + step.forward().layer().epsilon());
      gradients[parameters.offset(layer + "/beta") + i] = (float) sums[i];
      gradients[parameters.offset(layer + "/gamma") + i] = (float) (sums[c + i] * inverse);
    }
  }
}
