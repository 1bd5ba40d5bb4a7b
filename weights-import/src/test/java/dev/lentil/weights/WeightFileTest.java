package dev.lentil.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Padding;
import dev.lentil.safetensors.SafetensorsWriter;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.SharedData;
import dev.lentil.weights.scheme.NamingScheme;
import dev.lentil.weights.scheme.SourceTensor;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.WeightFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFileTest {
  private static final String H5 = "import-samples/mobilenet_v2_0.35_96_no_top.h5";

  @TempDir
  private Path folder;

  private static Model model(Head head) {
    var architecture = MobileNetV2.keras(0.1, 64, 96, head).withBnMomentum(0.9);
    return new Model(architecture, InputScaling.ZERO_TO_ONE, Initializer.weights(architecture.network(), 5),
        Map.of("licence", "none"));
  }

  @Test
  void aModelOfOnesOwnComesBack() {
    Model model = model(Head.binary());
    Path path = folder.resolve("any.name");
    ModelFile.write(path, model);
    WeightFile read = WeightFile.open(path);
    assertEquals(FileFormat.SAFETENSORS, read.format());
    assertEquals(NamingScheme.KERAS, read.scheme());
    assertEquals(model.architecture(), read.model().architecture());
    assertEquals(InputScaling.ZERO_TO_ONE, read.model().scaling());
    assertEquals(Map.of("licence", "none"), read.model().notes());
    model.weights().tensors().forEach((name, tensor) -> assertArrayEquals(tensor.floats(),
        read.model().weights().get(name).floats(), name));
    assertTrue(read.sources().stream().allMatch(source -> source.fate() instanceof SourceTensor.Mapped));
  }

  /** What the caller says takes precedence over what the file says. */
  @Test
  void recognitionCanBeOverridden() {
    Path path = folder.resolve("a.safetensors");
    ModelFile.write(path, model(Head.categories(8)));
    var options = ImportOptions.recognised().with("padding", "symmetric").with("bn_epsilon", "1e-5")
        .with("resolution", "32").with("input_scaling", InputScaling.TORCH.text());
    Model read = WeightFile.open(path, options).model();
    assertEquals(Padding.SYMMETRIC, read.architecture().padding());
    assertEquals(1e-5, read.architecture().bnEpsilon());
    assertEquals(32, read.architecture().width());
    assertEquals(InputScaling.TORCH, read.scaling());
    assertEquals(new Head.Features(),
        WeightFile.open(path, ImportOptions.recognised().with("classes", "0")).model().architecture().head());
    assertTrue(errorOf(path, ImportOptions.recognised().with("alpha", "1.4")).contains("alpha 1.4"));
    assertTrue(errorOf(path, new ImportOptions(Optional.of(NamingScheme.TIMM), Map.of())).contains("conv_stem.weight"));
  }

  /** Google's own networks have a class for the background before ImageNet's thousand. */
  @Test
  void theBackgroundClassCanBeLeftOut() {
    Model model = model(new Head.Classifier(5));
    Path path = folder.resolve("a.safetensors");
    SafetensorsWriter.write(path, model.weights().tensors(), Map.of());
    Model read = WeightFile.open(path, ImportOptions.recognised().with("classes", "4")).model();
    assertEquals(new Head.Classifier(4), read.architecture().head());
    float[] five = model.weights().get("predictions/kernel").floats();
    float[] four = read.weights().get("predictions/kernel").floats();
    for (int row = 0; row < 1280; row++) {
      assertArrayEquals(Arrays.copyOfRange(five, 5 * row + 1, 5 * row + 5),
          Arrays.copyOfRange(four, 4 * row, 4 * row + 4));
    }
    assertTrue(errorOf(path, ImportOptions.recognised().with("classes", "3")).contains("it has 5 classes; they can be "
        + "kept, left out (0), or be 4 without the first, background, one, but 3 were asked for"));
    SafetensorsWriter.write(path, model(new Head.Classifier(2)).weights().tensors(), Map.of());
    assertTrue(errorOf(path, ImportOptions.recognised().with("classes", "1"))
        .contains("it has 2 classes; they can be kept or left out (0), but 1 were asked for"));
  }

  /** A checkpoint may have anything in its metadata; only a file that says what it is of is believed. */
  @Test
  void metadataOfOthersIsNotBelieved() {
    Model model = model(new Head.Classifier(5));
    Path path = folder.resolve("a.safetensors");
    SafetensorsWriter.write(path, model.weights().tensors(), Map.of("format", "pt", "classes", "cat, dog"));
    assertEquals(0.001, WeightFile.open(path).model().architecture().bnEpsilon());
    SafetensorsWriter.write(path, model.weights().tensors(), Map.of("format", "keras", "bn_epsilon", "0.5"));
    assertEquals(0.5, WeightFile.open(path).model().architecture().bnEpsilon());
    SafetensorsWriter.write(path, model.weights().tensors(), Map.of("format", "keras", "bn_epsilon", "small"));
    assertTrue(errorOf(path).contains("bn_epsilon is 'small', which is not a number"));
  }

  private static Map<String, Object> layer(String type, Map<String, Object> config) {
    return Map.of("class_name", type, "config", config);
  }

  /** Seven sigmoids are no softmax: the head of a Keras model is left out where the configuration tells so. */
  @Test
  void aKerasHeadWithAnotherActivationIsLeftOut() throws IOException {
    Path path = OwnFiles.tensorflowJs(folder, layer("Dense", Map.of("units", 3, "activation", "sigmoid")));
    WeightFile file = WeightFile.open(path);
    assertEquals(new Head.Features(), file.model().architecture().head());
    assertEquals(Map.of(), file.model().notes());
    String reason = "of another head: it has sigmoid behind the dense layer of 3 outputs, where Lentil's has a softmax";
    assertEquals(2, file.sources().stream().filter(s -> s.fate().equals(new SourceTensor.Ignored(reason))).count());
    OwnFiles.tensorflowJs(folder, layer("Dense", Map.of("units", 3, "activation", "softmax")));
    assertEquals(new Head.Classifier(3), WeightFile.open(path).model().architecture().head());
  }

  @Test
  void anInputScalingThatIsNotKnownIsOneClearError() throws IOException {
    Path path = OwnFiles.tensorflowJs(folder, layer("Normalization", Map.of("mean", 3, "variance", 4)));
    assertEquals("x*0.5+-1.5", TensorFile.open(path).metadata().get("other_input_scaling"));
    assertTrue(errorOf(path).contains("scales its input by x*0.5+-1.5, which is none of x/127.5-1, x/255, "));
    assertEquals(InputScaling.ZERO_TO_ONE,
        WeightFile.open(path, ImportOptions.recognised().with("input_scaling", "x/255")).model().scaling());
    OwnFiles.tensorflowJs(folder, layer("Normalization", Map.of("mean", 127.5, "variance", 127.5 * 127.5)));
    assertEquals(InputScaling.MINUS_ONE_TO_ONE, WeightFile.open(path).model().scaling());
    assertTrue(!WeightFile.open(path).assumed().contains("input_scaling"));
  }

  /** Whether or not there is a head, which is left out where something beside it is not known. */
  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void aTensorWithoutAPlaceIsAnError(int classes) {
    Model model = model(classes == 0 ? new Head.Features() : new Head.Classifier(classes));
    Path path = folder.resolve("a.safetensors");
    var more = new LinkedHashMap<>(model.weights().tensors());
    more.put("Conv1/bias", Tensor.of(Shape.of(8), new float[8]));
    SafetensorsWriter.write(path, more, ModelMetadata.of(model));
    assertTrue(errorOf(path).contains("'Conv1/bias' changes what the layer 'Conv1' gives"));
    more.remove("Conv1/bias");
    more.put("se_reduce/kernel", Tensor.of(Shape.of(1, 1, 8, 8), new float[64]));
    SafetensorsWriter.write(path, more, ModelMetadata.of(model));
    assertTrue(errorOf(path).contains("the kernel 'se_reduce/kernel' [1, 1, 8, 8] is in no layer of a MobileNetV2"));
    more.remove("se_reduce/kernel");
    more.remove("block_3_depthwise_BN/beta");
    SafetensorsWriter.write(path, more, ModelMetadata.of(model));
    assertTrue(errorOf(path).contains("block_3_depthwise_BN/beta [48] is missing"), errorOf(path));
  }

  private static String errorOf(Path path) {
    return errorOf(path, ImportOptions.recognised());
  }

  private static String errorOf(Path path, ImportOptions options) {
    String message = assertThrows(WeightFileException.class, () -> WeightFile.open(path, options)).getMessage();
    assertTrue(message.startsWith(path + ": "), message);
    return message;
  }

  @Test
  void filesOfTensorFlowAreNamed() throws IOException {
    Path saved = Files.createDirectory(folder.resolve("saved"));
    Path graph = Files.writeString(saved.resolve("saved_model.pb"), "\b\u0001\u0012\u0000");
    assertTrue(errorOf(graph).contains("saved_model.pb: this is a SavedModel of TensorFlow"));
    assertTrue(errorOf(saved).contains("saved: this is a SavedModel of TensorFlow"));
    assertTrue(errorOf(Files.writeString(folder.resolve("a.tflite"), "\u001c\0\0\0TFL3\u0014\0 \0"))
        .contains("TensorFlow Lite model, which is not read; give the Keras model"));
    byte[] end = {1, 2, 3, 0x57, (byte) 0xfb, (byte) 0x80, (byte) 0x8b, 0x24, 0x75, 0x47, (byte) 0xdb};
    for (Path part : List.of(Files.write(folder.resolve("ck-1.index"), end),
        Files.write(folder.resolve("ck-1.data-00000-of-00001"), new byte[16]))) {
      assertTrue(errorOf(part).contains("a part of a TensorFlow checkpoint"));
    }
  }

  @Test
  void whatIsNotAWeightFileIsOneClearError() throws IOException {
    assertTrue(errorOf(folder.resolve("none.h5")).contains("no such weight file"));
    assertTrue(errorOf(Files.writeString(folder.resolve("a.txt"), "not weights at all")).contains("not a weight file"));
    assertTrue(errorOf(Files.writeString(folder.resolve("empty"), "")).contains("not a weight file"));
    assertTrue(
        errorOf(Files.writeString(folder.resolve("a.h5"), "<!doctype html><html>")).contains("a.h5: is a web page"));
    assertTrue(errorOf(Files.writeString(folder.resolve("a.json"), "{\"a\":1}")).contains("neither a model.json"));
    assertTrue(errorOf(Files.writeString(folder.resolve("a.safetensors"), "not weights at all")).contains("header"));
    assertTrue(errorOf(Files.writeString(folder.resolve("a.json"), "{\"a\":")).contains("the document is damaged: "));
    Path inner = Files.createDirectory(folder.resolve("b"));
    assertTrue(errorOf(inner).matches("(?s).*this folder holds no weights.*; it is empty"));
    Files.writeString(inner.resolve("notes.txt"), "");
    assertTrue(errorOf(inner).endsWith("; it begins with 'notes.txt'"));
    Path zip = folder.resolve("a.zip");
    try (var packed = new ZipOutputStream(Files.newOutputStream(zip))) {
      packed.putNextEntry(new ZipEntry("model.h5"));
    }
    assertTrue(errorOf(zip).contains("if weights are packed in it, unpack them first"));
  }

  @Test
  void otherFilesOfTheSameProgramsNameTheirRemedy() throws IOException {
    Path program = folder.resolve("a.pt2");
    try (var zip = new ZipOutputStream(Files.newOutputStream(program))) {
      zip.putNextEntry(new ZipEntry("a/archive_format"));
      zip.write("pt2".getBytes(StandardCharsets.US_ASCII));
      zip.closeEntry();
    }
    assertTrue(errorOf(program).contains("torch.save(torch.export.load(\"name.pt2\").state_dict, \"name.pth\")"));
    // the map gives a layer's file by itself, or as a list
    for (String shard : List.of("\"a_00000.weights.h5\"", "[\"a_00000.weights.h5\"]")) {
      Path index = Files.writeString(folder.resolve("a.weights.json"),
          "{\"weight_map\": {\"/layers/conv2d/vars\": " + shard + "}}");
      assertTrue(errorOf(index).contains("without max_shard_size"));
    }
  }

  @Test
  void hostileFilesAreOneClearErrorEach() {
    Path pickle = SharedData.require("import-samples/hostile_pickle.pth");
    assertTrue(errorOf(pickle).contains("the Python name 'posix.system', which is not among those of a state dict"));
    assertTrue(errorOf(SharedData.require("import-samples/hostile_header.safetensors")).contains("header of 46116860"));
    assertTrue(errorOf(SharedData.require("import-samples/hostile_offsets.safetensors")).contains("only 16 bytes"));
    assertTrue(Files.notExists(Path.of("/tmp/pwned")), "nothing was run");
  }

  @Test
  void aCutOffFileIsOneClearError() throws IOException {
    byte[] h5 = Files.readAllBytes(SharedData.require(H5));
    for (int length : new int[] {8, 20, 96, 200, 1000, 4096, 50_000, 500_000, h5.length - 1_000, h5.length - 1}) {
      Path path = Files.write(folder.resolve("cut.h5"), Arrays.copyOf(h5, length));
      assertTrue(errorOf(path).contains("cut off"), length + " bytes");
    }
    // damaged, though of the right length
    for (int at : new int[] {9, 24, 96, 200, 1000, 2048, 100_000}) {
      byte[] damaged = h5.clone();
      Arrays.fill(damaged, at, Math.min(at + 5_000, damaged.length), (byte) 0xA5);
      System.out
          .println("damaged from byte " + at + ": " + errorOf(Files.write(folder.resolve("damaged.h5"), damaged)));
    }
    byte[] safetensors =
        Files.readAllBytes(SharedData.require("weights/mobilenet_v2_0.35_imagenet_no_top.safetensors"));
    for (int length : new int[] {7, 8, 1000, 24_016, safetensors.length - 1}) {
      errorOf(Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(safetensors, length)));
    }
  }
}
