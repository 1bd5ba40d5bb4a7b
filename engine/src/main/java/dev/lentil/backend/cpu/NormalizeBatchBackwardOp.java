package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.plan.Step;
import dev.lentil.plan.Target;

/**
 * Gradients of batch normalisation through the batch's statistics. With {@code n} rows and {@code xhat = (x - mean)
 * inverse}: {@code dbeta = sum dy}, {@code dgamma = sum dy xhat}, {@code dx = gamma inverse (dy - dbeta / n - xhat dgamma /
 * n)}.
 */
final class NormalizeBatchBackwardOp extends Op {
  private final Kernels kernels;
  private final CpuParameters parameters;
  private final Step.NormalizeBatchBackward step;
  private final int rowsPerSample;
  private final int c;

  NormalizeBatchBackwardOp(Kernels kernels, CpuParameters parameters, Step.NormalizeBatchBackward step,
      int rowsPerSample, int c) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.step = step;
    this.rowsPerSample = rowsPerSample;
    this.c = c;
  }

  @Override
  void run(Frame frame, Workers workers) {
    int rows = frame.samples() * rowsPerSample;
    float[] x = frame.array(step.forward().x());
    int xOff = frame.offset(step.forward().x());
    float[] dy = frame.array(step.dy());
    int dyOff = frame.offset(step.dy());
    float[] saved = frame.array(step.forward().saved());
    double[] sums = NormalizeBackwardOp.sums(kernels, rows, c, dy, dyOff, x, xOff, saved, workers);
    String layer = step.forward().layer().name();
    int gamma = parameters.offset(layer + "/gamma");
    int beta = parameters.offset(layer + "/beta");
    float[] gradients = parameters.gradients();
    float[] a = new float[c + Kernels.SLACK];
    float[] b = new float[c + Kernels.SLACK];
    float[] d = new float[c + Kernels.SLACK];
    for (int i = 0; i < c; i++) {
      double inverse = saved[c + i];
      double dgamma = sums[c + i] * inverse;
      gradients[gamma + i] = (float) dgamma;
      gradients[beta + i] = (float) sums[i];
      double factor = parameters.values()[gamma + i] * inverse;
      a[i] = (float) factor;
      b[i] = (float) (-factor * inverse * dgamma / rows);
      d[i] = (float) (-factor * sums[i] / rows);
    }
    if (step.dx().isPresent()) {
      Target target = step.dx().get();
      float[] dx = frame.array(target.value());
      int dxOff = frame.offset(target.value());
      int perTask = 256;
      workers.run((rows + perTask - 1) / perTask, (task, _) -> {
        int from = task * perTask;
        kernels.normalizeBackward(Math.min(perTask, rows - from), c, dy, dyOff + from * c, x, xOff + from * c, a, b,
            saved, d, OpFactory.finish(target), dx, dxOff + from * c);
      });
    }
  }
}
