package dev.lentil.weights.keras;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.tensor.Shape;
import dev.lentil.weights.TensorFile;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.WeightFileException;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import io.jhdf.api.WritableGroup;
import io.jhdf.filter.Filter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files in the two HDF5 formats of Keras, written from their descriptions. */
class KerasH5Test {
  /** What h5py 3.14 writes for Keras's weights of bfloat16: two opaque values, packed by gzip. */
  private static final String BFLOAT16 = """
      H4sIAAAAAAACA+v0cHHj5ZLiYubgYICB/1DAIgHhG0DF18wxk/H3cAliUvB25ctGxhVMQsgaYYCLiYGRgUFUiIEFU47HiIGB
      mYGHgYNBhIEhJ7EytSg+LzE3tZhBGKgFiBiYGIEAajOMTmHjAXEYUw5DBT58nX0Oh5MEBBgYkphQfYDXQaYgB/FCHFSempme
      UYLkImYcLsq2MmDgZkAGzWX7GsFOArqTUQSiC+oMBhjNzMHAKArlswLdxMzFAQxAFkYGaCSwQNXhcKk5yD1sQHcCJVNKKgtS
      GSSBDgP6F4whTuMAGw4yj4UDycnZDPQEdW/3sPk7e3hjTx5sfCBHMQODMAwanO90rPQYRsEoGAWjYBTQCbg7+/uAC2AB1LoN
      1iJISsvJTywxNIOpv8E/GmajYBSMglEwCkbBKBgFo2AUjIJRMApGwVADAHEf/EYEGAAA
      """;
  /** 4096 unsigned bytes of 200, of h5py 3.14, packed by gzip. */
  private static final String BYTES = """
      H4sIAAAAAAACA+v0cHHj5ZLiYubgYICB/1DAIAHhG0DFHTs72f09XIKYFLxd+bKRcQWTELJGGOBiYmBkYBAVYmDBlOMxYmBg
      ZuBh4GAQYWDISaxMLYrPS8xNLWYQBmoBIgYmRiCA2gyjU9h4QBzGlMNQgQ9fZ5/D4SQBAQaGJCZUH+B1kCnIQbwQB5WnZqZn
      lCC5iBmHi7KtDBi4GZBBc9m+RrCTgO5kFIHoYhCASkJpZh4GRgG4KRwMrEB3MXNxAAORhZGBA1Utww6GIQt8J93393f28Mae
      PNj4QCHADAzCMGhwvtOx0mMYBaNgFIyCUUAHcGIUjIJRMApGwSgYBaNgFIyCUTAKRsEoGAXDHgAAUl3ZyQAYAAA=
      """;
  /** Half of 4x4 values, of h5py 3.14, packed by gzip; the other half was never written and so is 1.5. */
  private static final String FILLED = """
      H4sIAAAAAAACA+2Xu0oDQRSG57JrZhMWs1XEFG6ZMqWdClnZSoNapDTggoWIGBCtbGOX0kfwMSzz
      GJYpfYOYyTmDzqyrG00aPR8sh3OZGVh+/mEe0s5+WN2sMo1SzGN19pEpMmnauemfYuQYhxifhKnz
      eW8D6xHu786dHCWJnp46mHNefIiKEf+RNNnr6tjD3Kh0LOy5i/5ddj1412P6y3OL9JtKyM/9cvqd
      BKRf0m9ev0PfnjvLLgcZW55+jw8OO1rBRnextP3a1TGxmA90K5BfBeV84DUkHyAfyPvAKLDnbvr6
      FludD7Qqtg+4OiYW84FeDfLbsJwPpHXyAfKBvA88hvZc23lfLdsH2jV7f1fHRJEPrME/4yZvQRRQ
      8HCuKMqZg+jJKN7CWswaijXuse/PFKH7QgoO/ecdWK/mdVNT6ERSyFEESwW2PfuFvlpcXW2vk0Z+
      gr43+Cf3RvzNunHTzkWB7giCIAiCIIg/w+5X3xt0fRQU6BsAAA==
      """;

  @TempDir
  private Path folder;

  private Path file() {
    return folder.resolve("x.h5");
  }

  private TensorFile open(Consumer<WritableGroup> content) {
    try (WritableHdfFile file = HdfFile.write(file())) {
      content.accept(file);
    }
    return TensorFile.open(file());
  }

  private String errorOf(Executable action) {
    String message = assertThrows(WeightFileException.class, action).getMessage();
    assertTrue(message.startsWith(file() + ": "), message);
    return message;
  }

  private static WritableGroup layer(WritableGroup parent, String name, String... weights) {
    WritableGroup layer = parent.putGroup(name);
    layer.putAttribute("weight_names", weights);
    return layer.putGroup(name);
  }

  private static WritableGroup numbered(WritableGroup parent, String name, Object... weights) {
    WritableGroup variables = parent.putGroup(name).putGroup("vars");
    for (int i = 0; i < weights.length; i++) {
      variables.putDataset(String.valueOf(i), weights[i]);
    }
    return variables;
  }

  @Test
  void aModelOfTheOlderFormat() {
    try (var file = open(root -> {
      root.putAttribute("keras_version", "2.4.0");
      WritableGroup model = root.putGroup("model_weights");
      // a list too long for one attribute is cut into several
      model.putAttribute("layer_names0", new String[] {"dense"});
      model.putAttribute("layer_names1", new String[] {"other"});
      WritableGroup dense = layer(model, "dense", "dense/kernel:0", "dense/bias:0");
      dense.putDataset("kernel:0", new float[][] {{1, 2, 3}, {4, 5, 6}});
      dense.putDataset("bias:0", new double[] {1, 2, 3});
      WritableGroup other = layer(model, "other", "other/int:0", "other/long:0", "other/text:0",
          "other/short:0", "other/byte:0");
      other.putDataset("int:0", new int[] {7, -8});
      other.putDataset("long:0", new long[] {1L << 40});
      other.putDataset("short:0", new short[] {-300, 9});
      other.putDataset("byte:0", new byte[] {-128, 127});
      other.putDataset("text:0", new String[] {"a"});
      layer(root, "optimizer_weights", "optimizer_weights/m:0").putDataset("m:0", new float[] {9});
    })) {
      assertEquals(FileFormat.KERAS_LEGACY_H5, file.format());
      assertEquals(Map.of("producer", "Keras 2.4.0"), file.metadata());
      assertEquals(List.of("dense/kernel:0", "dense/bias:0", "other/int:0", "other/long:0", "other/text:0",
          "other/short:0", "other/byte:0", "optimizer_weights/optimizer_weights/m:0"),
          List.copyOf(file.tensors().keySet()));
      assertEquals(Shape.of(2, 3), file.read("dense/kernel:0").shape());
      assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, file.read("dense/kernel:0").floats());
      assertArrayEquals(new double[] {1, 2, 3}, file.read("dense/bias:0").doubles());
      assertArrayEquals(new double[] {7, -8}, file.read("other/int:0").doubles());
      assertArrayEquals(new double[] {1L << 40}, file.read("other/long:0").doubles());
      assertArrayEquals(new double[] {-300, 9}, file.read("other/short:0").doubles());
      assertArrayEquals(new double[] {-128, 127}, file.read("other/byte:0").doubles());
      assertTrue(errorOf(() -> file.read("other/text:0")).contains("the tensor 'other/text:0' is of the type "));
    }
  }

  private TensorFile openPacked(String packed) {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(Base64.getMimeDecoder().decode(packed)))) {
      Files.write(file(), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return TensorFile.open(file());
  }

  /** They need more room in memory than the file has bytes. */
  @Test
  void unsignedBytes() {
    try (var file = openPacked(BYTES)) {
      var expected = new double[4096];
      Arrays.fill(expected, 200);
      assertArrayEquals(expected, file.read("k:0").doubles());
    }
  }

  /** A sound file is not called damaged without saying what else may be the matter. */
  @Test
  void bfloat16IsNamedAmongWhatIsNotRead() {
    String message = errorOf(() -> openPacked(BFLOAT16));
    assertTrue(message.contains(": this HDF5 file is damaged, or holds what is not read, such as bfloat16 (")
        && message.endsWith("); get it again, or save the weights as float32"), message);
  }

  @Test
  void whatIsListedMustBeThere() {
    assertTrue(errorOf(() -> open(root -> root.putAttribute("layer_names", new String[] {"dense"})))
        .contains("the layer 'dense' is listed but missing"));
    assertTrue(errorOf(() -> open(root -> {
      root.putAttribute("layer_names", new String[] {"dense"});
      layer(root, "dense", "dense/kernel:0");
    })).contains("the weight 'dense/kernel:0' is listed but missing"));
  }

  /** A group for each layer, whose weights have numbers; its name is an attribute since Keras 3.9. */
  @Test
  void weightsOfKeras3() {
    try (var file = open(root -> {
      WritableGroup layers = root.putGroup("layers");
      numbered(layers, "depthwise_conv2d_1", (Object) new float[3][3][2][1]);
      numbered(layers, "batch_normalization", new float[] {1}, new float[] {2}, new float[] {3}, new float[] {4});
      numbered(layers, "dense", new float[][] {{1}, {2}}, new float[] {3}).putAttribute("name", "predictions");
      numbered(root, "optimizer", new float[] {5}, new float[][] {{6}});
    })) {
      assertEquals(FileFormat.KERAS_WEIGHTS_H5, file.format());
      assertEquals(Set.of("depthwise_conv2d_1/depthwise_kernel", "batch_normalization/gamma",
          "batch_normalization/beta", "batch_normalization/moving_mean", "batch_normalization/moving_variance",
          "predictions/kernel", "predictions/bias", "optimizer/vars/0", "optimizer/vars/1"), file.tensors().keySet());
      assertArrayEquals(new float[] {4}, file.read("batch_normalization/moving_variance").floats());
      assertArrayEquals(new float[] {1, 2}, file.read("predictions/kernel").floats());
      assertArrayEquals(new float[] {3}, file.read("predictions/bias").floats());
    }
  }

  @Test
  void compressedWeights() {
    float[][] kernel = new float[20][30];
    for (int i = 0; i < 20; i++) {
      kernel[i][i] = i - 7.5f;
    }
    var stored = DatasetCreationOptions.builder().chunkDimensions(8, 30).shuffle().deflate().build();
    try (var file =
        open(root -> root.putGroup("layers").putGroup("dense").putGroup("vars").putDataset("0", kernel, stored))) {
      float[] values = file.read("dense/kernel").floats();
      for (int i = 0; i < 600; i++) {
        assertEquals(kernel[i / 30][i % 30], values[i]);
      }
    }
  }

  /** Fletcher's checksum, LZF, LZ4, bitshuffle, and a number that jHDF does not know. */
  @ParameterizedTest
  @ValueSource(ints = {3, 32_000, 32_004, 32_008, 255})
  void aFilterThatIsNotReadIsNamed(int id) {
    var stored = DatasetCreationOptions.builder().chunkDimensions(2, 2).filter(new Unchanged(id)).build();
    try (var file = open(
        root -> root.putGroup("layers").putGroup("dense").putGroup("vars").putDataset("0", new float[2][2], stored))) {
      String message = errorOf(() -> file.read("dense/kernel"));
      assertTrue(message.contains("the weight 'dense/kernel' is stored through an HDF5 filter that is not read ("),
          message);
      assertTrue(message.contains("id=" + id + ")") && message.contains("h5repack"), message);
    }
  }

  @Test
  void aFillValueIsNotTakenForZero() {
    try (var file = openPacked(FILLED)) {
      String message = errorOf(() -> file.read("dense/kernel"));
      assertTrue(message.contains("the weight 'dense/kernel' has the fill value 1.5 "), message);
    }
  }

  private record Unchanged(int number) implements Filter {
    @Override
    public int getId() {
      return number;
    }

    @Override
    public String getName() {
      return "test";
    }

    @Override
    public byte[] decode(byte[] data, int[] settings) {
      return data;
    }

    @Override
    public byte[] encode(byte[] data, int[] settings) {
      return data;
    }
  }

  @Test
  void aCutOffFileOfTheNewestVersionSaysSo() throws IOException {
    open(root -> numbered(root.putGroup("layers"), "dense", (Object) new float[100][100])).close();
    byte[] whole = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(whole, whole.length / 2));
    assertTrue(errorOf(() -> TensorFile.open(file())).contains("is cut off: "));
  }
}
