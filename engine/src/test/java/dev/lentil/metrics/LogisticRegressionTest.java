package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogisticRegressionTest {
  private static final int N = 200;
  private static final double[][] FEATURES = new double[N][];
  private static final int[] LABELS = new int[N];

  static {
    for (int i = 0; i < N; i++) {
      FEATURES[i] = new double[] {Math.sin(i), Math.cos(2 * i) * 3 + 5, i % 5, 7};
      LABELS[i] = Math.sin(i) + 0.3 * (i % 5) + Math.sin(7.0 * i * i) * 1.5 > 0.8 ? 1 : 0;
    }
  }

  /** Expected by scikit-learn 1.9.1: StandardScaler, then LogisticRegression with C = 1 / penalty. */
  @ParameterizedTest
  @CsvSource({
      "1,    1.0871125681588456, 0.18500898518730355, 0.48498429547834354, 0, -0.34936673553844544, 0.6116095480723446",
      "10,   0.8438420082166007, 0.12341196259865907, 0.36501848018347177, 0, -0.3026720620494907,  0.5709130984503052",
      "1e-4, 1.128608095281601,  0.19709174768013554, 0.5060846909929139,  0, -0.3588825168749973,  0.6186582438300335"})
  void agreesWithScikitLearn(
      double penalty, double w0, double w1, double w2, double w3, double intercept, double probabilityOfFourth) {
    var model = LogisticRegression.fit(FEATURES, LABELS, penalty);
    var expected = new double[] {w0, w1, w2, w3, intercept};
    double worst = Math.abs(probabilityOfFourth - model.probability(FEATURES[3]));
    for (int j = 0; j < expected.length; j++) {
      worst = Math.max(worst, Math.abs(expected[j] - model.weights()[j]));
    }
    System.out.println("logistic regression, penalty " + penalty + ": worst error " + worst);
    assertTrue(worst < 1e-8, () -> "weights " + Arrays.toString(model.weights()));
  }

  @Test
  void separableDataStayFinite() {
    var model = LogisticRegression.fit(new double[][] {{0}, {1}, {2}, {3}}, new int[] {0, 0, 1, 1}, 1e-6);
    assertTrue(model.probability(new double[] {0}) < 1e-3);
    assertTrue(model.probability(new double[] {3}) > 0.999);
    assertTrue(Double.isFinite(model.weights()[0]));
  }

  @Test
  void withoutInformationItAnswersTheFrequency() {
    var model = LogisticRegression.fit(new double[][] {{1}, {1}, {1}, {1}}, new int[] {0, 0, 0, 1}, 1);
    assertEquals(0.25, model.probability(new double[] {1}), 1e-9);
  }

  @Test
  void refusesBadInput() {
    assertThrows(IllegalArgumentException.class, () -> LogisticRegression.fit(new double[0][], new int[0], 1));
    assertThrows(IllegalArgumentException.class, () -> LogisticRegression.fit(FEATURES, LABELS, 0));
    var model = LogisticRegression.fit(FEATURES, LABELS, 1);
    assertThrows(IllegalArgumentException.class, () -> model.probability(new double[3]));
  }
}
