package dev.lentil.ham10000.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DiagnosisTest {
  @Test
  void malignancyIsTheSumOfTheMalignantOnesAndNeverAboveOne() {
    assertEquals(0.875, Diagnosis.malignancy(new double[] {0.5, 0.25, 0.125, 0, 0.125, 0, 0}));
    float third = Math.nextUp(1f / 3);
    assertEquals(1, Diagnosis.malignancy(new double[] {third, third, 0, 0, third, 0, 0}));
  }
}
