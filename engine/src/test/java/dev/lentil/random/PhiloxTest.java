package dev.lentil.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class PhiloxTest {
  /** The known answers that Random123 publishes for philox4x32 with 10 rounds. */
  @Test
  void knownAnswers() {
    assertBlock(new int[6], 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertBlock(new int[] {-1, -1, -1, -1, -1, -1}, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertBlock(new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0},
        0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  private static void assertBlock(int[] in, int... expected) {
    var out = new int[4];
    Philox.block(in[0], in[1], in[2], in[3], in[4], in[5], out);
    assertArrayEquals(expected, out);
  }

  /** Holds the layout in the class comment: other devices rely on it. */
  @Test
  void layoutOfKeyAndCounter() {
    var philox = Philox.at(0x299f31d0_a4093822L, 0x03, 0x13198a2e, 0x707344);
    long index = 0x08d3_243f6a88L;
    for (int lane = 0; lane < 4; lane++) {
      var expected = new int[4];
      Philox.block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, expected);
      assertEquals(expected[lane], philox.word(index, 0x85a3 * 4 + lane));
    }
  }

  @Test
  void zeroSeedStartsWithTheFirstKnownAnswer() {
    var philox = Philox.at(0, 0, 0, 0);
    assertEquals(0x6627e8d5, philox.word(0, 0));
    assertEquals(0x9b00dbd8, philox.word(0, 3));
    assertEquals((0x6627e8d5 >>> 8) / 16777216f, philox.uniform(0, 0));
    assertEquals(((0x6627e8d5L >>> 5) * 67108864.0 + (0xe169c58dL >>> 6)) / 9007199254740992.0,
        philox.uniformDouble(0, 0));
  }

  @Test
  void everyPartOfThePositionMatters() {
    var seen = new HashSet<Integer>();
    int streams = 0;
    for (long seed : new long[] {0, 1, 1L << 32}) {
      for (int stage : new int[] {0, 1, 255}) {
        for (int epoch : new int[] {0, 1, -1}) {
          for (int operation : new int[] {0, 1, 0xFFFFFF}) {
            var philox = Philox.at(seed, stage, epoch, operation);
            for (long index : new long[] {0, 1, 1L << 32}) {
              for (int lane : new int[] {0, 1, 4}) {
                seen.add(philox.word(index, lane));
                streams++;
              }
            }
          }
        }
      }
    }
    assertTrue(streams - seen.size() <= 1, streams - seen.size() + " of " + streams + " words are not unique");
  }

  @Test
  void uniformFillsTheUnitInterval() {
    var philox = Philox.at(42, 1, 2, RandomUse.TEST.operation());
    int n = 200_000;
    var values = new float[n];
    philox.fillUniform(0, values, 0, n);
    var cells = new int[100];
    double sum = 0;
    for (float value : values) {
      assertTrue(value >= 0 && value < 1);
      cells[(int) (value * 100)]++;
      sum += value;
    }
    double chiSquare = Arrays.stream(cells).mapToDouble(c -> (c - n / 100.0) * (c - n / 100.0) / (n / 100.0)).sum();
    System.out.println("Philox: mean " + sum / n + ", chi-square on 99 degrees of freedom " + chiSquare);
    assertEquals(0.5, sum / n, 4 * Math.sqrt(1.0 / 12 / n));
    assertTrue(chiSquare > 50 && chiSquare < 160, "chi-square " + chiSquare);
  }

  @Test
  void fillIsTheSameFromAnyStart() {
    var philox = Philox.at(7, 0, 0, RandomUse.DROPOUT.operation(3));
    var whole = new float[64];
    philox.fillUniform(1_000, whole, 0, 64);
    for (int start = 0; start < 9; start++) {
      for (int count : new int[] {0, 1, 2, 3, 5, 8, 13, 40}) {
        var part = new float[count + 2];
        philox.fillUniform(1_000 + start, part, 1, count);
        assertArrayEquals(Arrays.copyOfRange(whole, start, start + count), Arrays.copyOfRange(part, 1, count + 1));
        assertEquals(0, part[0]);
        assertEquals(0, part[count + 1]);
      }
    }
    assertEquals(philox.uniform(250, 0), whole[0]);
    assertEquals(philox.uniform(250, 3), whole[3]);
  }

  @Test
  void belowIsUniform() {
    var philox = Philox.at(5, 0, 0, RandomUse.TEST.operation());
    for (int bound : new int[] {1, 2, 3, 7, 1000, Integer.MAX_VALUE}) {
      int draws = 70_000;
      double sum = 0;
      for (int i = 0; i < draws; i++) {
        int value = philox.below(bound, i, 0);
        assertTrue(value >= 0 && value < bound);
        sum += value;
      }
      double mean = (bound - 1) / 2.0;
      double deviation = Math.sqrt(((double) bound * bound - 1) / 12 / draws);
      assertEquals(mean, sum / draws, 4 * deviation, "bound " + bound);
    }
  }

  /** Of 3 * 2^29 results every third has two words and the others three, so that without rejection it would come too rarely. */
  @Test
  void belowRejectsBiasedWords() {
    var philox = Philox.at(9, 0, 0, RandomUse.TEST.operation());
    int bound = 3 << 29;
    int draws = 50_000;
    int[] remainders = new int[3];
    for (int i = 0; i < draws; i++) {
      remainders[philox.below(bound, i, 0) % 3]++;
    }
    for (int count : remainders) {
      assertEquals(draws / 3.0, count, 4 * Math.sqrt(draws * 2 / 9.0));
    }
  }

  @Test
  void permutationHoldsEveryNumberOnce() {
    for (int n : new int[] {0, 1, 2, 10, 7061}) {
      var sorted = Philox.at(42, 0, 3, RandomUse.SHUFFLE.operation()).permutation(n);
      Arrays.sort(sorted);
      for (int i = 0; i < n; i++) {
        assertEquals(i, sorted[i]);
      }
    }
    var one = Philox.at(42, 0, 3, RandomUse.SHUFFLE.operation()).permutation(50);
    assertArrayEquals(one, Philox.at(42, 0, 3, RandomUse.SHUFFLE.operation()).permutation(50));
    assertNotEquals(Arrays.toString(one),
        Arrays.toString(Philox.at(42, 0, 4, RandomUse.SHUFFLE.operation()).permutation(50)));
  }

  @Test
  void permutationsOfThreeAreEquallyFrequent() {
    var counts = new int[27];
    int draws = 12_000;
    for (int epoch = 0; epoch < draws; epoch++) {
      var p = Philox.at(1, 0, epoch, RandomUse.SHUFFLE.operation()).permutation(3);
      counts[p[0] * 9 + p[1] * 3 + p[2]]++;
    }
    int kinds = 0;
    for (int count : counts) {
      if (count > 0) {
        kinds++;
        assertEquals(draws / 6.0, count, 4 * Math.sqrt(draws * 5 / 36.0));
      }
    }
    assertEquals(6, kinds);
  }

  @Test
  void positionsOutOfRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Philox.at(0, 256, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> Philox.at(0, 0, 0, 1 << 24));
    var philox = Philox.at(0, 0, 0, 0);
    assertThrows(IllegalArgumentException.class, () -> philox.word(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> philox.word(Philox.MAX_INDEX, 0));
    assertThrows(IllegalArgumentException.class, () -> philox.word(0, Philox.MAX_LANE));
    var eight = new float[8];
    for (long first : new long[] {-1, Philox.MAX_INDEX - 7, Long.MAX_VALUE - 3}) {
      assertThrows(IllegalArgumentException.class, () -> philox.fillUniform(first, eight, 0, 8), "from " + first);
    }
    philox.fillUniform(Philox.MAX_INDEX - 8, eight, 0, 8);
    assertThrows(IllegalArgumentException.class, () -> philox.below(0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> RandomUse.DROPOUT.operation(65536));
  }
}
