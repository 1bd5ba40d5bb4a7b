package dev.lentil.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void itShowsItsShapeAndItsFirstValues() {
    assertEquals("f32[2] 0.1, NaN", Tensor.of(Shape.of(2), 0.1f, Float.NaN).toString());
    assertEquals("f64[2,1] 0.1, -2.0", Tensor.of(Shape.of(2, 1), 0.1, -2.0).toString());
    assertEquals("f32[3,3] 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ...", Tensor.of(Shape.of(3, 3), new float[9])
        .toString());
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
