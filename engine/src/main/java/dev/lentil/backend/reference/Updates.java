package dev.lentil.backend.reference;

import dev.lentil.nn.Optimizer;

/** The optimisers on one parameter tensor {@code w} with gradient {@code g}; formulas at {@link Optimizer}. */
final class Updates {
  private Updates() {}

  /**
   * @param decay of this parameter
   * @param t the step, counted from 1
   */
  static void adam(Optimizer.Adam adam, double learningRate, double decay, long t, double[] w, double[] g, double[] m,
      double[] v) {
    double rate = adam.correctedRate(learningRate, t);
    for (int i = 0; i < w.length; i++) {
      m[i] += (g[i] - m[i]) * (1 - adam.beta1());
      v[i] += (g[i] * g[i] - v[i]) * (1 - adam.beta2());
      w[i] -= learningRate * decay * w[i] + rate * m[i] / (Math.sqrt(v[i]) + adam.epsilon());
    }
  }

  static void sgd(Optimizer.Sgd sgd, double learningRate, double[] w, double[] g, double[] velocity) {
    for (int i = 0; i < w.length; i++) {
      velocity[i] = sgd.momentum() * velocity[i] - learningRate * g[i];
      w[i] += velocity[i];
    }
  }
}
