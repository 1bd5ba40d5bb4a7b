package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

class GalleryTest {
  @Test
  void theMostExtremeFirst() {
    var test = ExamplePredictions.test(new int[] {0, 0, 0, 1, 1, 1, 1}, new double[] {0.1, 0.9, 0.6, 0.2, 0.3, 0.8, 1});
    var gallery = Gallery.of(test, 0.5);
    assertEquals(List.of("I3", "I4"), ids(gallery.missed()));
    assertEquals(List.of("I1", "I2"), ids(gallery.falseAlarms()));
    assertEquals(List.of("I6", "I5"), ids(gallery.found()));
    assertEquals(List.of("I0"), ids(gallery.cleared()));
    // log odds 0.41, -0.85, 1.39, -1.39, 2.2, -2.2, infinity from 0; of two as far away the smaller image_id
    assertEquals(List.of("I2", "I4"), ids(gallery.uncertain()).subList(0, 2));
    assertEquals("I6", ids(gallery.uncertain()).getLast());
  }

  @Test
  void oneImageOfALesionAndNoMoreThanTwelve() {
    var test = ExamplePredictions.binary().of(Subset.TEST);
    var gallery = Gallery.of(test, 0.5);
    for (var list : List.of(gallery.missed(), gallery.falseAlarms(), gallery.found(), gallery.cleared(),
        gallery.uncertain())) {
      assertTrue(list.size() <= 12 && !list.isEmpty());
      assertEquals(list.size(), list.stream().map(Prediction::lesionId).distinct().count());
    }
    assertEquals(gallery, Gallery.of(new Predictions(Task.BINARY, test.rows().reversed()), 0.5));
  }

  /** A threshold and probabilities of exactly 0 or 1 have no finite log odds. */
  @Test
  void certainty() {
    var gallery = Gallery.of(ExamplePredictions.test(new int[] {0, 1, 0}, new double[] {0, 1, 0.5}), 0);
    assertEquals("I0", ids(gallery.uncertain()).getFirst());
  }

  private static List<String> ids(List<Prediction> rows) {
    return rows.stream().map(Prediction::imageId).toList();
  }
}
