package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.nn.Initializer;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.safetensors.SafetensorsWriter;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {
  @TempDir
  private Path folder;

  private static Model model(double alpha, Head head) {
    var architecture = new MobileNetV2(alpha, 64, 96, Padding.SYMMETRIC, 1e-5, 0.9, head);
    return new Model(architecture, InputScaling.TORCH, Initializer.weights(architecture.network(), 1),
        Map.of("licence", "Apache-2.0"));
  }

  private static String error(Weights weights, Map<String, String> metadata) {
    String message =
        assertThrows(ModelFileException.class, () -> ModelFile.recognise("w.file", weights, metadata)).getMessage();
    assertTrue(message.startsWith("w.file: "), message);
    return message;
  }

  @Test
  void whatIsWrittenIsReadBack() {
    for (Head head : new Head[] {new Head.Features(), new Head.Classifier(10), Head.binary(), Head.categories(7)}) {
      Model written = model(0.35, head);
      Path path = folder.resolve("model.safetensors");
      ModelFile.write(path, written);
      Model read = ModelFile.read(path);
      assertEquals(written.architecture(), read.architecture());
      assertEquals(written.scaling(), read.scaling());
      assertEquals(written.notes(), read.notes());
      written.weights().tensors().forEach(
          (name, tensor) -> assertArrayEquals(tensor.floats(), read.weights().get(name).floats(), name));
    }
  }

  /** As a program has them that brings its weights along. */
  @Test
  void weightsInAJarAreRead() throws IOException {
    Model written = model(0.35, Head.binary());
    Path path = folder.resolve("model.safetensors");
    ModelFile.write(path, written);
    try (var jar = FileSystems.newFileSystem(folder.resolve("program.jar"), Map.of("create", "true"))) {
      Path inside = Files.copy(path, jar.getPath("model.safetensors"));
      assertEquals(written.architecture(), ModelFile.read(inside).architecture());
    }
  }

  @Test
  void theKerasFilesAreUnderstood() {
    Model imageNet = ModelFile.read(SharedData.require("weights/mobilenet_v2_1.0_224_imagenet.safetensors"));
    assertEquals(MobileNetV2.imageNet(), imageNet.architecture());
    assertEquals(InputScaling.MINUS_ONE_TO_ONE, imageNet.scaling());
    assertEquals("Apache-2.0", imageNet.notes().get("licence"));
    Model small = ModelFile.read(SharedData.require("weights/mobilenet_v2_0.35_imagenet_no_top.safetensors"));
    assertEquals(MobileNetV2.keras(0.35, 224, 224, new Head.Features()), small.architecture());
    assertEquals(96, small.withResolution(96, 128).architecture().height());
  }

  @ParameterizedTest
  @CsvSource({"0.1", "0.25", "0.35", "0.5", "0.6", "0.75", "1.0", "1.3", "1.4", "1.75"})
  void alphaIsRecognisedFromShapesAlone(double alpha) {
    Model model = model(alpha, new Head.Features());
    // other alphas round to the same widths: 0.24 to those of 0.25, 0.59 to those of 0.6
    assertEquals(alpha, ModelFile.recognise("w.file", model.weights(), Map.of()).architecture().alpha());
  }

  @Test
  void theHeadIsRecognised() {
    assertEquals(Head.binary(), ModelFile.recognise("w.file", model(0.35, Head.binary()).weights(), Map.of())
        .architecture().head());
    assertEquals(new Head.Classifier(7),
        ModelFile.recognise("w.file", model(0.35, Head.categories(7)).weights(), Map.of())
            .architecture().head());
  }

  @Test
  void aMissingAndAMisshapenWeightAreNamed() {
    Weights good = model(0.35, Head.binary()).weights();
    var missing = new LinkedHashMap<>(good.tensors());
    missing.remove("block_3_project/kernel");
    String error = error(new Weights(missing), Map.of());
    assertTrue(error.contains("block_3_project/kernel [1,1,48,16] is missing") && error.contains("alpha 0.35"), error);

    var misshapen = good.with(new Weights(Map.of("bn_Conv1/gamma", Tensor.of(Shape.of(17), new float[17]))));
    assertTrue(error(misshapen, Map.of()).contains("bn_Conv1/gamma is [17], the network needs [16]"));
    assertTrue(
        error(good, Map.of("alpha", "1.0")).contains("Conv1/kernel is [3,3,3,16], the network needs [3,3,3,32]"));
  }

  @Test
  void otherWeightsAreNotTakenForAMobileNet() {
    String error = error(new Weights(Map.of("features.0.0.weight", Tensor.of(Shape.of(1), 1f))), Map.of());
    assertTrue(error.contains("no Conv1/kernel") && error.contains("features.0.0.weight"), error);
    assertTrue(error(new Weights(Map.of("Conv1/kernel", Tensor.of(Shape.of(1), 1f), "Conv_1/kernel",
        Tensor.of(Shape.of(1), 1f))), Map.of()).contains("fit no alpha"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"architecture=resnet50", "alpha=wide", "alpha=NaN", "resolution=224x", "resolution=1x2x3",
      "resolution=0", "padding=same", "bn_epsilon=small", "input_scaling=x/128", "classes=1000", "head=other",
      "dropout=1.5", "resize=lanczos", "views=8"})
  void wrongMetadataAreNamed(String entry) {
    String[] parts = entry.split("=");
    String error = error(model(0.35, Head.binary()).weights(), Map.of(parts[0], parts[1]));
    assertTrue(error.contains(parts[1]), error);
  }

  @Test
  void viewsThatTurnAnOblongImageAreNamed() {
    String error = error(model(0.35, Head.binary()).weights(), Map.of("views", "dihedral", "resolution", "32x48"));
    assertTrue(error.contains("views is 'dihedral', but images of 32x48 cannot be turned; it must be 1 or flips"),
        error);
  }

  @Test
  void aHeadThatTheMetadataDenyIsNamed() {
    String error = error(model(0.35, Head.binary()).weights(), Map.of("head", "features"));
    assertTrue(error.contains("head is 'features', but the weights have predictions/kernel with 1 output;"), error);
  }

  @Test
  void aKernelOfTheHeadThatIsNoMatrixIsNamed() {
    Weights good = model(0.35, Head.binary()).weights();
    for (Shape shape : new Shape[] {Shape.of(), Shape.of(1280), Shape.of(1, 1280, 1)}) {
      String error =
          error(good.with(new Weights(Map.of("predictions/kernel", Tensor.of(shape, new float[shape.size()])))),
              Map.of());
      assertTrue(error.contains("predictions/kernel is " + shape + ", but a dense layer's kernel has 2"), error);
    }
  }

  @ParameterizedTest
  @CsvSource({"Conv1/kernel,I8", "predictions/kernel,I32"})
  void weightsOfAnotherTypeAreNotSaidToBeAbsent(String name, String dtype) throws IOException {
    Path path = folder.resolve("model.safetensors");
    ModelFile.write(path, model(0.35, Head.binary()));
    Path other = folder.resolve("other.safetensors");
    try (var file = SafetensorsFile.open(path)) {
      Files.write(other, retyped(Files.readAllBytes(path), file.entry(name), dtype));
    }
    String message = assertThrows(ModelFileException.class, () -> ModelFile.read(other)).getMessage();
    assertTrue(message.startsWith(other + ": " + name + " is " + dtype + ", not floating-point numbers"), message);
  }

  /** The file with another type for one tensor, of the same number of bytes, in its header. */
  private static byte[] retyped(byte[] file, SafetensorsFile.Entry entry, String dtype) {
    int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt();
    String header = new String(file, Long.BYTES, length, StandardCharsets.UTF_8).strip();
    int at = header.indexOf('"' + entry.name() + '"');
    int end = header.indexOf('}', at);
    String fields = header.substring(at, end).replace("F32", dtype);
    if (dtype.equals("I8")) {
      fields = fields.replace("\"shape\":[3,3,3,16]", "\"shape\":[4,3,3,3,16]");
    }
    byte[] json = (header.substring(0, at) + fields + header.substring(end)).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + json.length + file.length - Long.BYTES - length)
        .order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json)
        .put(file, Long.BYTES + length, file.length - Long.BYTES - length).array();
  }

  @Test
  void whatIsNoNumberIsNamed() {
    Weights good = model(0.35, Head.binary()).weights();
    for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      float[] gamma = good.get("bn_Conv1/gamma").floats().clone();
      gamma[3] = value;
      String error = error(good.with(new Weights(Map.of("bn_Conv1/gamma", Tensor.of(Shape.of(16), gamma)))), Map.of());
      assertTrue(error.contains("element 3 of bn_Conv1/gamma is " + value), error);
    }
    float[] variance = good.get("bn_Conv1/moving_variance").floats().clone();
    variance[15] = -5;
    String error =
        error(good.with(new Weights(Map.of("bn_Conv1/moving_variance", Tensor.of(Shape.of(16), variance)))), Map.of());
    assertTrue(error.contains("element 15 of bn_Conv1/moving_variance is -5.0, where a number of at least 0"), error);
  }

  @ParameterizedTest
  @CsvSource({"a.h5,89 48 44 46 0d 0a 1a 0a,an HDF5 file", "a.keras,50 4b 03 04 14 00,a ZIP archive",
      "a.pth,80 02 8a 0a,a Python pickle",
      "a.npy,93 4e 55 4d 50 59,a NumPy array", "a.onnx,08 07 12 07,an ONNX file"})
  void filesOfOtherProgramsAreNamedWithTheRemedy(String name, String bytes, String what) throws IOException {
    Path path = folder.resolve(name);
    Files.write(path, HexFormat.ofDelimiter(" ").parseHex(bytes));
    String message = assertThrows(ModelFileException.class, () -> ModelFile.read(path)).getMessage();
    assertTrue(message.startsWith(path + ": this is " + what) && message.contains("./lentil import"), message);
  }

  @Test
  void otherProgramsNamesInASoundFileAreToldWithTheRemedy() {
    Path path = folder.resolve("torch.safetensors");
    SafetensorsWriter.write(path, Map.of("features.0.0.weight", Tensor.of(Shape.of(1), 1f)), Map.of());
    String message = assertThrows(ModelFileException.class, () -> ModelFile.read(path)).getMessage();
    assertTrue(message.contains("features.0.0.weight") && message.contains("./lentil import"), message);
  }

  @Test
  void otherTensorsBesideAreNoHarm() {
    Model model = model(0.35, new Head.Features());
    var tensors = new LinkedHashMap<>(model.weights().tensors());
    tensors.put("adam/step", Tensor.of(Shape.of(1), 1f));
    Path path = folder.resolve("more.safetensors");
    SafetensorsWriter.write(path, tensors, ModelMetadata.of(model));
    assertEquals(model.weights().tensors().size(), ModelFile.read(path).weights().tensors().size());
    try (var file = SafetensorsFile.open(path)) {
      assertEquals("lentil", file.metadata().get("format"));
    }
  }
}
