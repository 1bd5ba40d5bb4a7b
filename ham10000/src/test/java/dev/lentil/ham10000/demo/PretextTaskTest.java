package dev.lentil.ham10000.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PretextTaskTest {
  private static final int SIZE = 16;

  @Test
  void anEpochHasEveryClassEquallyOften() {
    var data = PretextTask.paint(3, SIZE, 2 * PretextPainter.CLASSES, 4).training();
    assertEquals(4, data.batches());
    int[] counts = new int[PretextPainter.CLASSES];
    try (var batches = data.epoch(1, 1, 0)) {
      while (batches.hasNext()) {
        float[] labels = batches.next().labels().floats();
        for (int i = 0; i < labels.length; i++) {
          counts[i % PretextPainter.CLASSES] += (int) labels[i];
        }
      }
    }
    int[] twice = new int[PretextPainter.CLASSES];
    Arrays.fill(twice, 2);
    assertArrayEquals(twice, counts);
  }

  @Test
  void validationIsOnOtherPictures() {
    var task = PretextTask.paint(3, SIZE, PretextPainter.CLASSES, 10);
    try (var validation = task.validation().open()) {
      // the first picture after the training ones is the second of class 0
      byte[] expected = PretextPainter.paint(3, PretextPainter.CLASSES, SIZE).rgb();
      float[] images = validation.next().images().floats();
      for (int i = 0; i < expected.length; i++) {
        assertEquals((expected[i] & 0xFF) / 127.5f - 1, images[i], 1e-6f);
      }
    }
  }
}
