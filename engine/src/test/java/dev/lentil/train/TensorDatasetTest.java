package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.backend.Batch;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TensorDatasetTest {
  private static final Shape IMAGE = Shape.of(1, 2, 1);

  /** Image i holds i and -i, and is of class i % 3. */
  private static TensorDataset numbered(int n) {
    return TensorDataset.of(IMAGE, IntStream.range(0, n).mapToObj(i -> new float[] {i, -i}).toList(),
        IntStream.range(0, n).mapToObj(i -> i % 3).toList(), 3);
  }

  /** The numbers of the images of all batches, of which each has its own label. */
  private static List<List<Integer>> numbers(Batches batches) {
    var all = new ArrayList<List<Integer>>();
    try (batches) {
      while (batches.hasNext()) {
        Batch batch = batches.next();
        var numbers = new ArrayList<Integer>();
        for (int i = 0; i < batch.size(); i++) {
          int number = (int) batch.images().get(2 * i);
          assertEquals(-number, batch.images().get(2 * i + 1));
          for (int c = 0; c < 3; c++) {
            assertEquals(c == number % 3 ? 1 : 0, batch.labels().get(3 * i + c));
          }
          numbers.add(number);
        }
        all.add(numbers);
      }
    }
    return all;
  }

  @Test
  void inOrderAreAllAsTheyCameEachTime() {
    var data = numbered(7).inOrder(3);
    for (int time = 0; time < 2; time++) {
      assertEquals(List.of(List.of(0, 1, 2), List.of(3, 4, 5), List.of(6)), numbers(data.open()));
    }
  }

  @Test
  void shuffledIsEachSampleOnceInAnotherOrderForEachEpochAndTheSameAgain() {
    var data = numbered(20).shuffled(8, 5);
    assertEquals(20, data.samples());
    assertEquals(3, data.batches());
    List<List<Integer>> first = numbers(data.epoch(1, 1, 0));
    assertEquals(List.of(8, 8, 4), first.stream().map(List::size).toList());
    var sorted = new ArrayList<>(first.stream().flatMap(List::stream).toList());
    Collections.sort(sorted);
    assertEquals(IntStream.range(0, 20).boxed().toList(), sorted);
    assertEquals(first, numbers(data.epoch(1, 1, 0)));
    assertNotEquals(first, numbers(data.epoch(1, 2, 0)));
    assertNotEquals(first, numbers(data.epoch(2, 1, 0)));
    assertNotEquals(first, numbers(numbered(20).shuffled(8, 6).epoch(1, 1, 0)));
  }

  @Test
  void anEpochCanBeEnteredAtAnyBatch() {
    var data = numbered(20).shuffled(8, 5);
    List<List<Integer>> all = numbers(data.epoch(1, 1, 0));
    for (int batch = 0; batch <= data.batches(); batch++) {
      assertEquals(all.subList(batch, all.size()), numbers(data.epoch(1, 1, batch)));
    }
    var end = data.epoch(1, 1, 3);
    assertThrows(NoSuchElementException.class, end::next);
  }

  @Test
  void aNetworkOfOneOutputHasLabelsOf0And1() {
    var data = TensorDataset.of(IMAGE, List.of(new float[2], new float[2]), List.of(1, 0), 1);
    assertEquals(Shape.of(2, 1), data.labels().shape());
    assertArrayEquals(new float[] {1, 0}, data.labels().floats());
  }

  @Test
  void whatDoesNotFitTogetherIsNamed() {
    var image = List.of(new float[2]);
    assertMessage("image 0 has 3 values, but [1,2,1] has 2",
        () -> TensorDataset.of(IMAGE, List.of(new float[3]), List.of(0), 3));
    assertMessage("image 0 is of class 3, but a network with 3 outputs has the classes 0 to 2",
        () -> TensorDataset.of(IMAGE, image, List.of(3), 3));
    assertMessage("image 0 is of class 2, but a network with 1 output has the classes 0 to 1",
        () -> TensorDataset.of(IMAGE, image, List.of(2), 1));
    assertMessage("1 images, but classes of 2; each image has one",
        () -> TensorDataset.of(IMAGE, image, List.of(0, 1), 3));
    assertMessage("a data set without images; give one at least",
        () -> TensorDataset.of(IMAGE, List.of(), List.of(), 3));
    assertMessage("a network with 0 outputs; it has at least 1", () -> TensorDataset.of(IMAGE, image, List.of(0), 0));
    assertMessage("shape [2, 2147483647] has more than 2^31-1 elements",
        () -> TensorDataset.of(IMAGE, List.of(new float[2], new float[2]), List.of(0, 0), Integer.MAX_VALUE));
    assertMessage("the images are [2,1,2,1] and the labels [1,1]; give as many of one as of the other",
        () -> new TensorDataset(Tensor.of(IMAGE.batched(2), new float[4]), Tensor.of(Shape.of(1, 1), new float[1])));
    assertMessage("the batch size is 0, but must be at least 1", () -> numbered(3).shuffled(0, 1));
    assertMessage("the batch size is 0, but must be at least 1", () -> numbered(3).inOrder(0));
  }

  private static void assertMessage(String expected, Runnable call) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
