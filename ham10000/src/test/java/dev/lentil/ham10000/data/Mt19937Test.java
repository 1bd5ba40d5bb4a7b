package dev.lentil.ham10000.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class Mt19937Test {
  /** 5489 is the seed of the authors' example; outputs 1, 2 and 1000 by numpy 2.4.6. */
  @Test
  void wordsOfTheAuthorsSeed() {
    var random = new Mt19937(5489);
    assertEquals(3499211612L, Integer.toUnsignedLong(random.nextInt()));
    assertEquals(581869302L, Integer.toUnsignedLong(random.nextInt()));
    for (int i = 2; i < 999; i++) {
      random.nextInt();
    }
    assertEquals(1341017984L, Integer.toUnsignedLong(random.nextInt()));
  }

  @Test
  void numpyPermutation() {
    assertArrayEquals(new int[] {0, 17, 15, 1, 8, 5, 11, 3, 18, 16, 13, 2, 9, 19, 4, 12, 7, 10, 14, 6},
        new Mt19937(42).permutation(20));
  }

  @Test
  void intervalOfZeroDrawsNothing() {
    var random = new Mt19937(42);
    assertEquals(0, random.interval(0));
    assertEquals(new Mt19937(42).nextInt(), random.nextInt());
  }

  @Test
  void seedsOutOfRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Mt19937(-1));
    assertThrows(IllegalArgumentException.class, () -> new Mt19937(1L << 32));
  }
}
