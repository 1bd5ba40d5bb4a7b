package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final double[] LOGITS = {1000, 1001, 998};

  @Test
  void logOddsAreThoseOfTheProbability() {
    double p = Math.exp(1) / (Math.exp(0) + Math.exp(1) + Math.exp(-2));
    assertEquals(Math.log(p / (1 - p)), Answer.of(1).logOdds(LOGITS), 1e-12);
    assertEquals(p, Answer.of(1).probability(LOGITS), 1e-12);
    assertEquals(-Answer.of(1).logOdds(LOGITS), new Answer(Set.of(0, 2)).logOdds(LOGITS), 1e-12);
    assertEquals(3, Answer.of(1).logOdds(new double[] {3}));
    assertEquals(-3, Answer.of(0).logOdds(new double[] {3}));
  }

  @Test
  void factorsAreTheSlopesOfTheAnswersLogit() {
    assertArrayEquals(new double[] {0, 0, 1}, Answer.of(2).factors(LOGITS));
    assertArrayEquals(new double[] {-1}, Answer.of(0).factors(new double[] {3}));
    double first = 1 / (1 + Math.exp(-2));
    assertArrayEquals(new double[] {first, 0, 1 - first}, new Answer(Set.of(0, 2)).factors(LOGITS), 1e-12);
  }

  @Test
  void allNoneOrUnknownClassesAreRefused() {
    for (Set<Integer> classes : Set.of(Set.<Integer>of(), Set.of(0, 1, 2), Set.of(3), Set.of(-1))) {
      assertThrows(IllegalArgumentException.class, () -> new Answer(classes).logOdds(LOGITS));
      assertThrows(IllegalArgumentException.class, () -> new Answer(classes).factors(LOGITS));
    }
    assertThrows(IllegalArgumentException.class, () -> Answer.of(2).factors(new double[] {3}));
  }
}
