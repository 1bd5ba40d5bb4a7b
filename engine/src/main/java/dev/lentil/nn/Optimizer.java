package dev.lentil.nn;

/** A rule that moves parameters along their gradients, as data. The learning rate is passed to each step. */
public sealed interface Optimizer {

  /** How many values it remembers for each parameter element. */
  int slots();

  /**
   * Adam in Keras's form: {@code m += (g - m)(1 - beta1)}, {@code v += (g^2 - v)(1 - beta2)},
   * {@code w -= lr sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)}, with {@code t} counted from 1. Slot 0 is
   * m, slot 1 is v. Source: keras/src/optimizers/adam.py.
   *
   * @param beta1 the share of m that an update keeps, in [0,1)
   * @param beta2 the share of v that an update keeps, in [0,1)
   * @param epsilon above 0, in float32 too
   * @param weightDecay 0 or more, for kernels only, decoupled from the gradient: in addition {@code w -= lr weightDecay w}. Source: Loshchilov and
   *     Hutter, "Decoupled Weight Decay Regularization", ICLR 2019
   */
  record Adam(double beta1, double beta2, double epsilon, double weightDecay) implements Optimizer {
    public Adam {
      requireShare("Adam", "beta1", beta1);
      requireShare("Adam", "beta2", beta2);
      // what calculates in float32 would divide 0 by 0 with one that is 0 there
      if (!((float) epsilon > 0 && Float.isFinite((float) epsilon))) {
        throw new IllegalArgumentException(
            "Adam: epsilon is " + epsilon + ", but must be a number above 0, in float32 too; Keras's is 1e-7");
      }
      if (!(weightDecay >= 0 && Double.isFinite(weightDecay))) {
        throw new IllegalArgumentException("Adam: weightDecay is " + weightDecay + ", but must be 0 (none) or above");
      }
    }

    /** Keras's defaults: 0.9, 0.999, 1e-7, no weight decay. */
    public static Adam keras() {
      return new Adam(0.9, 0.999, 1e-7, 0);
    }

    /** The same with weight decay. */
    public Adam withWeightDecay(double decay) {
      return new Adam(beta1, beta2, epsilon, decay);
    }

    /** What {@link #weightDecay} is for one kind of parameter: biases and normalisations do not decay. */
    public double weightDecay(ParameterSpec.Role role) {
      return role == ParameterSpec.Role.KERNEL ? weightDecay : 0;
    }

    /** The learning rate with both bias corrections folded in, at step {@code t}, counted from 1. */
    public double correctedRate(double learningRate, long t) {
      return learningRate * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
    }

    @Override
    public int slots() {
      return 2;
    }
  }

  /**
   * Gradient descent with momentum, Keras's form: {@code a = momentum a - lr g}, {@code w += a}. Slot 0 is a.
   *
   * @param momentum in [0,1); 0 for none
   */
  record Sgd(double momentum) implements Optimizer {
    public Sgd {
      requireShare("Sgd", "momentum", momentum);
    }

    @Override
    public int slots() {
      return 1;
    }
  }

  private static void requireShare(String optimizer, String field, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(optimizer + ": " + field + " is " + value + ", but must be in [0,1)");
    }
  }
}
