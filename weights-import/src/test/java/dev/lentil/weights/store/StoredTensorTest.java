package dev.lentil.weights.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.safetensors.Dtype;
import dev.lentil.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredTensorTest {
  private static final Path FILE = Path.of("x.bin");
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  private static final MemorySegment SIX = MemorySegment.ofArray(new byte[] {0, 1, 2, 3, 4, 5});

  private static StoredTensor bytes(List<Long> shape, long offset, List<Long> strides) {
    return StoredTensor.strided(FILE, "t", Dtype.U8, shape, SIX, LITTLE, offset, strides);
  }

  private static String errorOf(Runnable action) {
    String message = assertThrows(WeightFileException.class, action::run).getMessage();
    assertTrue(message.startsWith("x.bin: "), message);
    return message;
  }

  @Test
  void elementsInEitherByteOrder() {
    MemorySegment one = MemorySegment.ofArray(new byte[] {0x3f, (byte) 0x80, 0, 0});
    var tensor = StoredTensor.of(FILE, "t", Dtype.F32, List.of(1L), one, ByteOrder.BIG_ENDIAN);
    assertArrayEquals(new float[] {1}, tensor.read().floats());
    assertEquals("t F32[1]", tensor.toString());
    assertEquals(Shape.of(), StoredTensor.of(FILE, "t", Dtype.F32, List.of(), one, LITTLE).read().shape());
  }

  @Test
  void viewsOfAStorage() {
    assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, bytes(List.of(2L, 3L), 0, List.of(3L, 1L)).read().doubles());
    // transposed
    assertArrayEquals(new double[] {0, 3, 1, 4, 2, 5}, bytes(List.of(3L, 2L), 0, List.of(1L, 3L)).read().doubles());
    // a column, and the inner axis cut out
    assertArrayEquals(new double[] {2, 5}, bytes(List.of(2L), 2, List.of(3L)).read().doubles());
    assertArrayEquals(new double[] {1, 2, 4, 5}, bytes(List.of(2L, 2L), 1, List.of(3L, 1L)).read().doubles());
  }

  /** Offsets and strides count elements; PyTorch's tensors may share a storage, one behind the other. */
  @Test
  void viewsOfWideElements() {
    MemorySegment six = MemorySegment.ofArray(new float[] {0, 1, 2, 3, 4, 5});
    assertArrayEquals(new float[] {2, 3, 4, 5}, floats(six, 2, List.of(2L, 1L)));
    assertArrayEquals(new float[] {1, 3, 2, 4}, floats(six, 1, List.of(1L, 2L)));
    errorOf(() -> floats(six, 3, List.of(2L, 1L)));
  }

  private static float[] floats(MemorySegment storage, long offset, List<Long> strides) {
    return StoredTensor
        .strided(FILE, "t", Dtype.F32, List.of(2L, 2L), storage, ByteOrder.nativeOrder(), offset, strides)
        .read().floats();
  }

  @Test
  void whatDoesNotLieInItsStorageIsRefused() {
    String damaged = errorOf(() -> bytes(List.of(2L, 3L), 1, List.of(3L, 1L)));
    assertTrue(damaged.contains("the file is damaged, get it again"), damaged);
    errorOf(() -> bytes(List.of(2L), -1, List.of(1L)));
    errorOf(() -> bytes(List.of(2L), 5, List.of(-5L)));
    errorOf(() -> bytes(List.of(2L), 0, List.of(1L, 1L)));
    errorOf(() -> bytes(List.of(2L), 0, List.of(Long.MAX_VALUE)));
    errorOf(() -> bytes(List.of(3L, 2L), 0, List.of(Long.MAX_VALUE / 2, Long.MAX_VALUE / 2)));
    // of which there is nothing that could lie outside
    assertEquals(0, bytes(List.of(9L, 0L), 0, List.of(1L, 1L)).elements());
  }

  /** A stride of 0, as PyTorch's expand makes it, gives a tensor of any size from a single element. */
  @Test
  void whatRepeatsMoreThanItsStorageIsRefused() {
    for (long extent : new long[] {7, 1L << 40}) {
      String message = errorOf(() -> bytes(List.of(extent), 0, List.of(0L)));
      assertTrue(message.contains("as a tensor made by expand does; call contiguous() on it before torch.save"),
          message);
    }
    errorOf(() -> bytes(List.of(4L, 3L), 0, List.of(1L, 1L)));
    assertArrayEquals(new double[] {2, 2, 2}, bytes(List.of(3L), 2, List.of(0L)).read().doubles());
  }

  @Test
  void sizesAreNotBelieved() {
    assertTrue(errorOf(() -> StoredTensor.of(FILE, "t", Dtype.F32, List.of(2L), SIX, LITTLE)).contains("has 6 bytes"));
    errorOf(() -> StoredTensor.of(FILE, "t", Dtype.F64, List.of(1L << 61), SIX, LITTLE));
    errorOf(() -> StoredTensor.of(FILE, "t", Dtype.U8, List.of(-6L, -1L), SIX, LITTLE));
    errorOf(() -> StoredTensor.of(FILE, "t", Dtype.U8, List.of(1L << 40, 1L << 40), SIX, LITTLE));
    errorOf(() -> StoredTensor.of(FILE, "t", Dtype.U8, List.of(1L << 40, 0L, 1L << 40), SIX, LITTLE));
    errorOf(() -> StoredTensor.of(FILE, "t", Dtype.U8, Collections.nCopies(65, 1L), SIX, LITTLE));
    var empty = StoredTensor.of(FILE, "t", Dtype.U8, List.of(0L, 3L), SIX.asSlice(0, 0), LITTLE);
    assertEquals(0, empty.elements());
    assertTrue(errorOf(empty::read).contains("has 0 elements"));
    assertTrue(errorOf(StoredTensor.unreadable(FILE, "t", "complex64", List.of(1L))::read).contains("complex64"));
  }
}
