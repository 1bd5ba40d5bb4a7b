package dev.lentil.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.tensor.Shape;
import org.junit.jupiter.api.Test;

class PaddingTest {

  @Test
  void kerasPadsBottomAndRightOnEvenExtentsAndAllRoundOnOddOnes() {
    Window even = Window.of(Shape.of(224, 112, 3), 3, 3, 2, Padding.KERAS);
    assertEquals(0, even.padTop());
    assertEquals(0, even.padLeft());
    assertEquals(112, even.outH());
    assertEquals(56, even.outW());
    Window odd = Window.of(Shape.of(15, 7, 3), 3, 3, 2, Padding.KERAS);
    assertEquals(1, odd.padTop());
    assertEquals(1, odd.padLeft());
    assertEquals(8, odd.outH());
    assertEquals(4, odd.outW());
    // Each axis by itself.
    Window mixed = Window.of(Shape.of(14, 7, 3), 3, 3, 2, Padding.KERAS);
    assertEquals(0, mixed.padTop());
    assertEquals(1, mixed.padLeft());
  }

  @Test
  void symmetricPadsTheSameWhateverTheExtent() {
    for (int extent : new int[] {7, 8, 224}) {
      Window window = Window.of(Shape.of(extent, extent, 1), 3, 3, 2, Padding.SYMMETRIC);
      assertEquals(1, window.padTop());
      assertEquals((extent + 1) / 2, window.outH());
    }
  }

  @Test
  void strideOneKeepsTheExtent() {
    for (Padding padding : new Padding[] {Padding.KERAS, Padding.SYMMETRIC}) {
      for (int kernel : new int[] {1, 3, 5}) {
        Window window = Window.of(Shape.of(7, 9, 1), kernel, kernel, 1, padding);
        assertEquals(7, window.outH());
        assertEquals(9, window.outW());
        assertEquals(kernel / 2, window.padTop());
      }
    }
  }

  @Test
  void validShrinksAndRefusesWhatDoesNotFit() {
    assertEquals(5, Window.of(Shape.of(7, 7, 1), 3, 3, 1, Padding.VALID).outH());
    assertThrows(IllegalArgumentException.class, () -> Window.of(Shape.of(2, 7, 1), 3, 3, 1, Padding.VALID));
  }
}
