package dev.lentil.mobilenetv2.selftest;

import java.util.OptionalDouble;

/**
 * The largest errors that a backend may have. Where there is no limit the error is shown, not judged.
 *
 * @param outputs logits, losses and moving statistics
 * @param eachGradient the worst gradient tensor by itself; and of an Adam run the worst step's gradients as one vector; in float32 only
 *     so that none is missing, which would be 1, or has the wrong sign
 * @param frozenGradients all gradients as one vector, with moving statistics
 * @param trainGradients all gradients as one vector, with statistics of the batch: a float32 value that falls on the other
 *     side of a ReLU6's kink changes much
 * @param firstAdamLosses the first two losses of an Adam run whose steps go on from each other
 * @param stepGradients all gradients of an Adam run's step as one vector, the lower quartile of its steps
 * @param adamUpdates what an Adam step moves the parameters by, and its moments, from given gradients
 */
public record Limits(OptionalDouble outputs, OptionalDouble eachGradient, OptionalDouble frozenGradients,
    OptionalDouble trainGradients, OptionalDouble firstAdamLosses, OptionalDouble stepGradients,
    OptionalDouble adamUpdates) {

  private static final double EXACT = 1e-7;

  /** For arithmetic in float64. */
  public static Limits float64() {
    OptionalDouble limit = OptionalDouble.of(EXACT);
    return new Limits(limit, limit, limit, limit, limit, limit, limit);
  }

  /** For arithmetic in float32; PyTorch's own float32 is at 2e-3 and 2.2e-2 for the two vectors of all gradients. */
  public static Limits float32() {
    return new Limits(OptionalDouble.of(2e-4), OptionalDouble.of(0.5), OptionalDouble.of(5e-3), OptionalDouble.of(5e-2),
        OptionalDouble.of(2e-2),
        OptionalDouble.of(1e-2), OptionalDouble.of(1e-3));
  }

  /** All losses and the final parameters of ten Adam steps in float64; in float32 a rounding of the first grows too much. */
  public double exactAdam() {
    return EXACT;
  }

  /** Those of a backend: the reference calculates in float64, all others in float32. */
  public static Limits of(String backend) {
    return backend.equals("reference") ? float64() : float32();
  }
}
