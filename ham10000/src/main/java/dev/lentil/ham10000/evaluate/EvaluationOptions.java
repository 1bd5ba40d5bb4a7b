package dev.lentil.ham10000.evaluate;

/**
 * What an evaluation lets its user choose.
 *
 * @param bootstrap how intervals are found
 * @param targetSensitivity that one of the thresholds shall reach on validation, above 0 and at most 1
 * @param falseNegativeCost how many false alarms a missed malignant image is as bad as, above 0; one of the thresholds
 *     makes the sum least on validation
 */
public record EvaluationOptions(LesionBootstrap bootstrap, double targetSensitivity, double falseNegativeCost) {
  /** Sensitivity 0.866, that of dermatologists in a reader study at specificity 0.713; a miss is as bad as ten alarms. */
  public static final EvaluationOptions DEFAULT = new EvaluationOptions(LesionBootstrap.DEFAULT, 0.866, 10);

  public EvaluationOptions {
    // also true of NaN
    if (!(targetSensitivity > 0 && targetSensitivity <= 1) || !(falseNegativeCost > 0)) {
      throw new IllegalArgumentException("A target sensitivity of " + targetSensitivity
          + " and a cost of a false negative of " + falseNegativeCost + " cannot be used");
    }
  }
}
