package dev.lentil.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TensorTest {
  @Test
  void itShowsItsShapeAndItsFirstValues() {
    assertEquals("f32[2] 0.1, NaN", Tensor.of(Shape.of(2), 0.1f, Float.NaN).toString());
    assertEquals("f64[2,1] 0.1, -2.0", Tensor.of(Shape.of(2, 1), 0.1, -2.0).toString());
    assertEquals("f32[3,3] 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ...", Tensor.of(Shape.of(3, 3), new float[9])
        .toString());
  }

  @Test
  void asManyValuesAsTheShapeSays() {
    for (Executable tensor : List.<Executable>of(() -> Tensor.of(Shape.of(2, 2), new float[3]),
        () -> Tensor.of(Shape.of(2, 2), new double[3]))) {
      assertEquals("shape [2,2] needs 4 values, got 3",
          assertThrows(IllegalArgumentException.class, tensor).getMessage());
    }
  }

  @Test
  void finiteIsWithoutNaNAndInfinity() {
    assertTrue(Tensor.of(Shape.of(2), 1f, Float.MAX_VALUE).isFinite());
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertFalse(Tensor.of(Shape.of(2), 1f, value).isFinite());
      assertFalse(Tensor.of(Shape.of(2), value, 1.0).isFinite());
    }
  }

  @Test
  void equalAreTheSameTypeShapeAndValues() {
    Tensor tensor = Tensor.of(Shape.of(2), 1f, Float.NaN);
    assertEquals(tensor, tensor.copy());
    assertEquals(tensor.hashCode(), tensor.copy().hashCode());
    assertNotEquals(tensor, Tensor.of(Shape.of(2, 1), 1f, Float.NaN));
    assertNotEquals(tensor, Tensor.of(Shape.of(2), 1.0, Double.NaN));
    assertNotEquals(tensor, Tensor.of(Shape.of(2), 1f, 2f));
    Tensor wide = Tensor.of(Shape.of(2), 1.0, 2.0);
    assertEquals(wide, wide.copy());
    assertEquals(wide.hashCode(), wide.copy().hashCode());
    assertNotEquals(wide, Tensor.of(Shape.of(2), 1.0, 3.0));
  }
}
