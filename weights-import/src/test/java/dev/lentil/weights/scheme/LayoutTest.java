package dev.lentil.weights.scheme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayoutTest {
  private static Tensor counting(int... extents) {
    Shape shape = Shape.of(extents);
    var values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return Tensor.of(shape, values);
  }

  @Test
  void convolution() {
    // [out 2, in 3, 1, 1] to [1, 1, in, out]
    Tensor turned = Layout.OIHW.toLentil(counting(2, 3, 1, 1));
    assertEquals(Shape.of(1, 1, 3, 2), turned.shape());
    assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, turned.floats());
    // o=1, i=2, h=1, w=0 of [2,3,2,2] is 1*12 + 2*4 + 1*2 = 22; at [h,w,i,o] of [2,2,3,2] that is 1*12 + 2*2 + 1 = 17
    assertEquals(22, Layout.OIHW.toLentil(counting(2, 3, 2, 2)).get(17));
  }

  @Test
  void depthwiseAndDense() {
    Tensor depthwise = Layout.DEPTHWISE_OIHW.toLentil(counting(2, 1, 1, 3));
    assertEquals(Shape.of(1, 3, 2, 1), depthwise.shape());
    assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, depthwise.floats());
    assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, Layout.OUT_IN.toLentil(counting(2, 3)).floats());
    assertEquals(Shape.of(2, 3), Layout.ONE_BY_ONE.toLentil(counting(1, 1, 2, 3)).shape());
  }

  @ParameterizedTest
  @EnumSource
  void thereAndBack(Layout layout) {
    for (Tensor lentil : new Tensor[] {
        layout == Layout.OUT_IN || layout == Layout.ONE_BY_ONE ? counting(4, 5) : counting(2, 3, 4, 5),
        layout == Layout.OUT_IN || layout == Layout.ONE_BY_ONE
            ? Tensor.of(Shape.of(2, 3), counting(2, 3).doubles())
            : Tensor.of(Shape.of(1, 3, 2, 2), counting(1, 3, 2, 2).doubles())}) {
      Tensor back = layout.toLentil(layout.fromLentil(lentil));
      assertEquals(lentil.shape(), back.shape());
      assertEquals(lentil.getClass(), back.getClass());
      assertArrayEquals(lentil.doubles(), back.doubles());
    }
  }
}
