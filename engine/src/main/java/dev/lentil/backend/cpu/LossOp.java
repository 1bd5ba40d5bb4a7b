package dev.lentil.backend.cpu;

import dev.lentil.plan.Step;

/** The loss and the gradient of the logits, in float64: they are few. */
final class LossOp extends Op {
  private final Step.ComputeLoss step;
  private final int n;
  private final int k;
  private double value = Double.NaN;

  LossOp(Step.ComputeLoss step, int n, int k) {
    this.step = step;
    this.n = n;
    this.k = k;
  }

  double value() {
    return value;
  }

  @Override
  void run(Frame frame, Workers workers) {
    double[] logits = new double[n * k];
    float[] from = frame.array(step.logits());
    for (int i = 0; i < logits.length; i++) {
      logits[i] = from[frame.offset(step.logits()) + i];
    }
    double[] gradient = new double[n * k];
    value = step.loss().evaluate(n, k, logits, frame.batch().labels().doubles(), frame.batch().weights().doubles(),
        gradient);
    float[] to = frame.array(step.dlogits());
    for (int i = 0; i < gradient.length; i++) {
      to[frame.offset(step.dlogits()) + i] = (float) gradient[i];
    }
  }
}
