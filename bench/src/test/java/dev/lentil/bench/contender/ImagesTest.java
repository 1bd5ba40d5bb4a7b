package dev.lentil.bench.contender;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ImagesTest {
  @Test
  void planesAreChannelsFirst() {
    var images = new Images(Tensor.of(Shape.of(2, 1, 3, 2), 0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f, 10f, 11f));
    assertArrayEquals(new long[] {2, 2, 1, 3}, images.planesShape());
    assertArrayEquals(new float[] {0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11}, images.planes());
  }
}
