package dev.lentil.weights.numpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.weights.TensorFile;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.WeightFileException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumpyFilesTest {
  private static final Path FILE = Path.of("x.npy");

  @TempDir
  private Path folder;

  /** An array as {@code numpy.save} writes it. */
  private static byte[] npy(String descr, String order, String shape, byte... values) {
    String type = descr.startsWith("[") ? descr : "'" + descr + "'";
    byte[] header = ("{'descr': " + type + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }\n")
        .getBytes(StandardCharsets.US_ASCII);
    var bytes = new byte[10 + header.length + values.length];
    System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, 0}, 0, bytes, 0, 10);
    System.arraycopy(header, 0, bytes, 10, header.length);
    System.arraycopy(values, 0, bytes, 10 + header.length, values.length);
    return bytes;
  }

  private static StoredTensor read(byte[] npy) {
    return Npy.read(FILE, "t", MemorySegment.ofArray(npy));
  }

  @Test
  void valuesInTheirOrder() {
    StoredTensor c = read(npy("|u1", "False", "(2, 3)", (byte) 0, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5));
    assertEquals(List.of(2L, 3L), c.shape());
    assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, c.read().doubles());
    StoredTensor f = read(npy("|u1", "True", "(2, 3)", (byte) 0, (byte) 3, (byte) 1, (byte) 4, (byte) 2, (byte) 5));
    assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, f.read().doubles());
    assertArrayEquals(new float[] {1}, read(npy(">f4", "False", "(1,)", (byte) 0x3f, (byte) 0x80, (byte) 0, (byte) 0))
        .read().floats());
    assertEquals(0, read(npy("<f2", "False", "()", (byte) 0, (byte) 0)).read().shape().rank());
    assertEquals("structure", read(npy("[('a', '<f4'), ('b', '<i4', (2,))]", "False", "(1,)", new byte[12])).type());
    assertEquals("<c8", read(npy("<c8", "False", "(1,)", new byte[8])).type());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"<f4|False|(2,)", "<f4|False|(9999999999999999999,)", "<f4|Maybe|(1,)",
      "<f4|False|(-1,)", "<f4|False|[1]", "<f4|True|(99999999999, 99999999999)", "<f4|True|(4611686018427387904, 4)"})
  void damageIsOneError(String descr, String order, String shape) {
    String message = assertThrows(WeightFileException.class,
        () -> read(npy(descr, order, shape, (byte) 0, (byte) 0, (byte) 0, (byte) 0))).getMessage();
    assertTrue(message.startsWith("x.npy: "), message);
  }

  @Test
  void archivesAndFolders() throws IOException {
    byte[] one = npy("<f4", "False", "(1,)", (byte) 0, (byte) 0, (byte) 0x80, (byte) 0x3f);
    Path npz = folder.resolve("a.npz");
    try (var zip = new ZipOutputStream(Files.newOutputStream(npz))) {
      zip.putNextEntry(new ZipEntry("Conv1/kernel.npy"));
      zip.write(one);
    }
    Path inner = Files.createDirectories(folder.resolve("weights/Conv1"));
    Files.write(inner.resolve("kernel.npy"), one);
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("weights"));
    for (Path path : List.of(npz, folder.resolve("weights"), link)) {
      try (var file = TensorFile.open(path)) {
        assertEquals(path.equals(npz) ? FileFormat.NUMPY_NPZ : FileFormat.NUMPY_FOLDER, file.format());
        assertArrayEquals(new float[] {1}, file.read("Conv1/kernel").floats());
      }
    }
  }
}
