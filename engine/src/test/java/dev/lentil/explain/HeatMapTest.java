package dev.lentil.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeatMapTest {
  @Test
  void aResizedMapKeepsItsPlaces() {
    var map = new HeatMap(1, 2, new double[] {0, 4});
    // middles of four cells over two: at a quarter beyond the first middle, and so on
    assertArrayEquals(new double[] {0, 1, 3, 4}, map.resized(1, 4).values(), 1e-15);
    assertArrayEquals(map.values(), map.resized(1, 2).values(), 0);
    assertArrayEquals(new double[] {0, 4, 0, 4}, map.resized(2, 2).values(), 0);
    assertArrayEquals(new double[] {2}, map.resized(1, 1).values(), 1e-15);
  }

  @Test
  void aConstantStaysConstantInEverySize() {
    var map = new HeatMap(3, 2, new double[] {7, 7, 7, 7, 7, 7});
    for (int size : new int[] {1, 2, 5, 13}) {
      HeatMap resized = map.resized(size, 2 * size);
      assertEquals(7, resized.smallest(), 0);
      assertEquals(7, resized.largest(), 0);
    }
  }

  @Test
  void itsPlacesAreRowByRow() {
    var map = new HeatMap(2, 2, new double[] {-1, 0, 2, -3});
    assertEquals(-3, map.smallest(), 0);
    assertEquals(2, map.at(1, 0), 0);
    assertThrows(IllegalArgumentException.class, () -> new HeatMap(2, 2, new double[3]));
  }

  @Test
  void theMeanIsTakenPlaceByPlace() {
    var map = new HeatMap(1, 2, new double[] {0.1, -4});
    assertArrayEquals(map.values(), HeatMap.mean(List.of(map)).values(), 0);
    assertArrayEquals(new double[] {0.2, 1},
        HeatMap.mean(List.of(map, new HeatMap(1, 2, new double[] {0.3, 6}))).values(), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> HeatMap.mean(List.of()));
    assertThrows(IllegalArgumentException.class,
        () -> HeatMap.mean(List.of(map, new HeatMap(2, 1, new double[] {0, 0}))));
  }
}
