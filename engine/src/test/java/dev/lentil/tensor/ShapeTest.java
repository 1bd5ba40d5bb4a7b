package dev.lentil.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void axesCountFromBothEnds() {
    Shape shape = Shape.of(5, 4, 3);
    assertEquals(3, shape.rank());
    assertEquals(60, shape.size());
    assertEquals(5, shape.extent(0));
    assertEquals(3, shape.extent(-1));
    assertEquals(4, shape.extent(-2));
    assertEquals(Shape.of(2, 5, 4, 3), shape.batched(2));
    assertEquals(1, Shape.of().size());
  }

  @Test
  void atMostAsManyElementsAsAnIntCounts() {
    assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE).size());
    assertEquals("shape [65536, 32768] has more than 2^31-1 elements", refused(65_536, 32_768));
    assertEquals("shape [2147483647, 2147483647, 2147483647] has more than 2^31-1 elements",
        refused(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
    assertEquals("shape [3, 0] has an extent below 1", refused(3, 0));
  }

  private static String refused(int... extents) {
    return assertThrows(IllegalArgumentException.class, () -> Shape.of(extents)).getMessage();
  }

  @Test
  void equalAreTheSameExtentsAndNobodyChangesThem() {
    int[] extents = {2, 3};
    Shape shape = Shape.of(extents);
    extents[0] = 9;
    shape.toArray()[1] = 9;
    assertArrayEquals(new int[] {2, 3}, shape.toArray());
    assertEquals(Shape.of(2, 3), shape);
    assertEquals(Shape.of(2, 3).hashCode(), shape.hashCode());
    assertNotEquals(Shape.of(3, 2), shape);
    assertNotEquals(Shape.of(3, 2).hashCode(), shape.hashCode());
  }
}
