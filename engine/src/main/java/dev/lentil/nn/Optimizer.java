package dev.lentil.nn;

/** A rule that moves parameters along their gradients. Data only; the learning rate comes with every step. */
public sealed interface Optimizer {

  /** How many values it remembers for each parameter element. */
  int slots();

  /**
   * Adam: {@code m += (g - m)(1 - beta1)}, {@code v += (g^2 - v)(1 - beta2)}, {@code w -= rate * m / (sqrt(v) + e)} with
   * {@code rate = lr sqrt(1 - beta2^t) / (1 - beta1^t)} and {@code t} counted from 1. Slot 0 is m, slot 1 is v. Frameworks
   * differ in {@code e}: see {@link Epsilon}. Source: Kingma and Ba 2015, section 2; keras/src/optimizers/adam.py.
   */
  record Adam(double beta1, double beta2, double epsilon, Epsilon placement) implements Optimizer {
    /** Which square root epsilon is added to. */
    public enum Epsilon {
      /** To that of v as it is: Keras; "epsilon hat" in the paper. */
      ON_RAW_ROOT,
      /** To that of v corrected for its bias, {@code sqrt(v / (1 - beta2^t))}: PyTorch; algorithm 1 in the paper. */
      ON_CORRECTED_ROOT
    }

    /** Keras's form. */
    public Adam(double beta1, double beta2, double epsilon) {
      this(beta1, beta2, epsilon, Epsilon.ON_RAW_ROOT);
    }

    /** Keras's defaults: 0.9, 0.999, 1e-7. */
    public static Adam keras() {
      return new Adam(0.9, 0.999, 1e-7);
    }

    /** PyTorch's defaults: 0.9, 0.999, 1e-8. */
    public static Adam pytorch() {
      return new Adam(0.9, 0.999, 1e-8, Epsilon.ON_CORRECTED_ROOT);
    }

    /** The learning rate with both bias corrections folded in, at step {@code t}, counted from 1. */
    public double correctedRate(double learningRate, long t) {
      return learningRate * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
    }

    /** The {@code e} that stands beside {@link #correctedRate}, at step {@code t}, counted from 1. */
    public double correctedEpsilon(long t) {
      return switch (placement) {
        case ON_RAW_ROOT -> epsilon;
        case ON_CORRECTED_ROOT -> epsilon * Math.sqrt(1 - Math.pow(beta2, t));
      };
    }

    @Override
    public int slots() {
      return 2;
    }
  }

  /** Gradient descent with momentum, Keras's form: {@code a = momentum a - lr g}, {@code w += a}. Slot 0 is a. */
  record Sgd(double momentum) implements Optimizer {
    @Override
    public int slots() {
      return 1;
    }
  }
}
