package dev.lentil.ham10000.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplingTest {
  /** 70 samples of class 0, 8 of class 2, 23 of class 5. */
  private static final List<Sample> SAMPLES = samples(70, 0, 8, 2, 23, 5);

  private static List<Sample> samples(int... countsAndLabels) {
    var samples = new ArrayList<Sample>();
    for (int i = 0; i < countsAndLabels.length; i += 2) {
      for (int k = 0; k < countsAndLabels[i]; k++) {
        samples.add(new Sample(samples.size(), countsAndLabels[i + 1], 1));
      }
    }
    return samples;
  }

  @Test
  void shuffledShowsEachOnce() {
    long[] draws = Sampling.SHUFFLED.draws(SAMPLES, 1, 2, 3);
    assertEquals(101, Arrays.stream(draws).distinct().count());
    assertTrue(Arrays.stream(draws).allMatch(draw -> draw < 101));
  }

  @Test
  void balancedShowsEachClassAsOften() {
    long[] draws = Sampling.BALANCED.draws(SAMPLES, 1, 2, 3);
    var ofClass = new int[6];
    var ofSample = new int[101];
    for (long draw : draws) {
      int position = (int) (draw % 101);
      ofClass[SAMPLES.get(position).label()]++;
      ofSample[position]++;
    }
    assertArrayEquals(new int[] {34, 0, 34, 0, 0, 33}, ofClass);
    // 34 draws of 8 samples, 33 of 23
    assertTrue(Arrays.stream(ofSample, 0, 70).allMatch(n -> n <= 1));
    assertTrue(Arrays.stream(ofSample, 70, 78).allMatch(n -> n == 4 || n == 5));
    assertTrue(Arrays.stream(ofSample, 78, 101).allMatch(n -> n == 1 || n == 2));
    assertEquals(101, Arrays.stream(draws).distinct().count(), "each time is a draw of its own");
  }

  @Test
  void itDependsOnSeedStageAndEpochAlone() {
    for (var sampling : Sampling.values()) {
      long[] draws = sampling.draws(SAMPLES, 1, 2, 3);
      assertArrayEquals(draws, sampling.draws(SAMPLES, 1, 2, 3));
      assertFalse(Arrays.equals(draws, sampling.draws(SAMPLES, 2, 2, 3)));
      assertFalse(Arrays.equals(draws, sampling.draws(SAMPLES, 1, 1, 3)));
      assertFalse(Arrays.equals(draws, sampling.draws(SAMPLES, 1, 2, 4)));
    }
  }

  @Test
  void theLargeClassShowsOthersInOtherEpochs() {
    long seen = IntStream.range(0, 30)
        .mapToObj(epoch -> Sampling.BALANCED.draws(SAMPLES, 1, 2, epoch)).flatMapToLong(Arrays::stream)
        .map(draw -> draw % 101).distinct().count();
    assertEquals(101, seen);
  }
}
