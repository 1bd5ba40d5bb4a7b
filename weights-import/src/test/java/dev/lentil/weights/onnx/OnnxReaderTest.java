package dev.lentil.weights.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import dev.lentil.weights.ImportOptions;
import dev.lentil.weights.TensorFile;
import dev.lentil.weights.WeightFile;
import dev.lentil.weights.scheme.NamingScheme;
import dev.lentil.weights.scheme.SourceTensor;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.WeightFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxReaderTest {
  @TempDir
  private Path folder;

  private static Model model(Padding padding, double epsilon) {
    var architecture = new MobileNetV2(0.1, 224, 224, padding, epsilon, 0.999, new Head.Classifier(3));
    return new Model(architecture, InputScaling.MINUS_ONE_TO_ONE, new RandomTensors(3).weights(architecture.network()),
        Map.of());
  }

  private WeightFile open(byte[] onnx) throws IOException {
    return WeightFile.open(Files.write(folder.resolve("x.onnx"), onnx));
  }

  private static void assertSame(Weights expected, Weights actual) {
    assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
    expected.tensors().forEach((name, tensor) -> assertArrayEquals(tensor.floats(), actual.get(name).floats(), name));
  }

  @ParameterizedTest
  @EnumSource(names = {"KERAS", "SYMMETRIC"})
  void theGraphIsRecognised(Padding padding) throws IOException {
    Model model = model(padding, 2e-5);
    WeightFile file = open(OnnxSketch.unfolded(model));
    assertEquals(FileFormat.ONNX, file.format());
    assertEquals(NamingScheme.ONNX_GRAPH, file.scheme());
    assertEquals(model.architecture(), file.model().architecture());
    assertSame(model.weights(), file.model().weights());
    assertEquals(List.of("zero", "limit"), file.sources().stream()
        .filter(s -> s.fate() instanceof SourceTensor.Ignored && !s.name().endsWith(".pads")).map(SourceTensor::name)
        .toList());
    byte[] onnx = Files.readAllBytes(folder.resolve("x.onnx"));
    assertEquals(FileFormat.ONNX, WeightFile.open(Files.write(folder.resolve("any.name"), onnx)).format());
  }

  /** Channels first or last; where an extent is free, the resolution is the usual one. */
  @ParameterizedTest
  @CsvSource({"N 3 64 96,64,96", "N 64 96 3,64,96", "1 3 64 96,64,96", "N 3 N N,224,224", "N 3 64 N,224,224"})
  void theResolutionIsTheInputs(String input, int height, int width) throws IOException {
    byte[] onnx = OnnxSketch.withOperations(model(Padding.KERAS, 1e-3), Map.of("input", input));
    MobileNetV2 read = open(onnx).model().architecture();
    assertEquals(List.of(height, width), List.of(read.height(), read.width()));
  }

  /** The same network without batch normalisation: what it added is the bias, what it scaled is in the kernels. */
  @Test
  void foldedBatchNormalisation() throws IOException {
    Model model = model(Padding.KERAS, 1e-3);
    var neutral = new LinkedHashMap<String, Tensor>();
    model.weights().tensors().forEach((name, tensor) -> {
      var values = new float[tensor.shape().size()];
      Arrays.fill(values, name.endsWith("/gamma") ? 1 : name.endsWith("/moving_variance") ? 0.999f : 0);
      boolean kept = !name.endsWith("/gamma") && !name.contains("/moving_");
      neutral.put(name, kept ? tensor : Tensor.of(tensor.shape(), values));
    });
    WeightFile file = open(OnnxSketch.folded(model));
    assertSame(new Weights(neutral), file.model().weights());
    assertEquals(1e-3, file.model().architecture().bnEpsilon());
    assertTrue(file.model().notes().get("batch_normalization").startsWith("folded"));
    var error = assertThrows(WeightFileException.class,
        () -> WeightFile.open(folder.resolve("x.onnx"), ImportOptions.recognised().with("bn_epsilon", "1e-5")));
    assertTrue(error.getMessage().contains("folded"), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"Clip,5,from 0.0 to 5.0", "Relu,6,[Relu]", "HardSwish,6,[HardSwish]"})
  void anotherActivationIsAnotherArchitecture(String activation, float limit, String told) {
    byte[] onnx = OnnxSketch.withActivation(model(Padding.KERAS, 1e-3), activation, limit);
    String message = assertThrows(WeightFileException.class, () -> open(onnx)).getMessage();
    assertTrue(message.contains(told) && message.contains("has a ReLU6"), message);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"Conv1/strides|21|strides [2, 1] and 1 groups stands where",
      "Conv1/strides|11|strides [1, 1]",
      "block_3_depthwise/dilations|22|stands where a MobileNetV2 has block_3_depthwise",
      "block_3_depthwise/pads|0000|pads by [0, 0, 0, 0]", "block_4_depthwise/pads|0000|pads by [0, 0, 0, 0]",
      "block_4_depthwise/pads|1110|pads by [1, 1, 1, 0]", "block_4_expand/pads|1111|pads by [1, 1, 1, 1]"})
  void anotherConvolutionIsAnotherArchitecture(String attribute, String digits, String told) {
    byte[] onnx = OnnxSketch.withOperations(model(Padding.SYMMETRIC, 1e-3), Map.of(attribute, digits));
    String message = assertThrows(WeightFileException.class, () -> open(onnx)).getMessage();
    assertTrue(message.contains(told), message);
  }

  @ParameterizedTest
  @CsvSource({"DequantizeLinear,before its weights were quantised", "Tanh,simplify the model"})
  void calculatedKernelsAreOneClearError(String operation, String remedy) {
    byte[] onnx = OnnxSketch.withOperations(model(Padding.KERAS, 1e-3), Map.of("constants", operation));
    String message = assertThrows(WeightFileException.class, () -> open(onnx)).getMessage();
    assertTrue(message.contains("is calculated, not stored; ") && message.contains(remedy), message);
  }

  /** At the level basic it folds what an exporter folds; above that its operations are its own. */
  @Test
  void aModelThatOnnxRuntimeOptimised() throws Exception {
    Model model = model(Padding.KERAS, 1e-3);
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(file, model, new OnnxOptions(OnnxOptions.Normalization.KEPT, OnnxOptions.Output.PROBABILITIES));
    Path optimised = folder.resolve("optimised.onnx");
    OnnxRuntime.optimise(file, OptLevel.BASIC_OPT, optimised);
    assertEquals(model.architecture(), WeightFile.open(optimised).model().architecture());
    for (OptLevel level : List.of(OptLevel.EXTENDED_OPT, OptLevel.ALL_OPT)) {
      OnnxRuntime.optimise(file, level, optimised);
      String message = assertThrows(WeightFileException.class, () -> WeightFile.open(optimised)).getMessage();
      assertTrue(message.contains("ONNX Runtime optimised for a processor") && message.contains("as it was before"),
          message);
    }
  }

  private static Model binary() {
    var architecture = MobileNetV2.keras(0.1, 224, 224, Head.binary());
    return new Model(architecture, InputScaling.MINUS_ONE_TO_ONE, new RandomTensors(3).weights(architecture.network()),
        Map.of());
  }

  /** Nothing may act between the layers whose weights are read. */
  @ParameterizedTest
  @CsvSource({"sum,Mul,Mul,the sum (Add) of", "sum,Identity,Clip,the sum (Add) of",
      "pool,ReduceMax,ReduceMax,the averages of", "pool,Identity,Clip,the averages of",
      "dense,Tanh,Tanh,the averages of", "dense,BatchNormalization,BatchNormalization,the averages of",
      "expand,Sigmoid,Sigmoid,nothing between", "end,Sigmoid,Sigmoid,nothing but a softmax behind its dense layer of 3",
      "end,Neg,Neg,nothing but a softmax", "end,Identity Neg,Neg,nothing but a softmax",
      "end,Softmax Softmax,Softmax,nothing but a softmax"})
  void anotherOperationIsAnotherArchitecture(String place, String operation, String found, String expected) {
    byte[] onnx = OnnxSketch.withOperations(model(Padding.KERAS, 1e-3), Map.of(place, operation));
    String message = assertThrows(WeightFileException.class, () -> open(onnx)).getMessage();
    assertTrue(message.contains("this is another architecture: '")
        && message.contains("is a " + found + ", where a MobileNetV2 has " + expected), message);
  }

  @ParameterizedTest
  @CsvSource({"pool,ReduceMean", "pool,AveragePool", "dense,Flatten", "dense,Reshape", "dense,Squeeze", "dense,Dropout",
      "expand,Identity", "expand,Cast", "expand,Transpose", "end,Softmax", "end,LogSoftmax", "end,ArgMax",
      "end,Identity", "end,Softmax ArgMax Gather", "head,MatMul", "head,Conv", "relu,Relu", "padding,SAME_UPPER",
      "constants,Constant", "constants,Identity"})
  void whatExportersWriteIsAllowed(String place, String operation) throws IOException {
    Model model = model(Padding.KERAS, 1e-3);
    assertSame(model.weights(), open(OnnxSketch.withOperations(model, Map.of(place, operation))).model().weights());
  }

  @Test
  void ofTwoDenseLayersNoneIsTheHead() throws IOException {
    WeightFile file = open(OnnxSketch.withOperations(model(Padding.KERAS, 1e-3), Map.of("end", "Gemm")));
    assertEquals(new Head.Features(), file.model().architecture().head());
    var reason = new SourceTensor.Ignored("of another head: not one dense layer but 2");
    assertEquals(List.of("b", "w"),
        file.sources().stream().filter(s -> s.fate().equals(reason)).map(SourceTensor::name).toList());
  }

  @Test
  void oneOutputMayEndInASigmoid() throws IOException {
    Model model = binary();
    WeightFile file = open(OnnxSketch.withOperations(model, Map.of("end", "Sigmoid")));
    assertSame(model.weights(), file.model().weights());
    byte[] softmax = OnnxSketch.withOperations(model, Map.of("end", "Softmax"));
    String message = assertThrows(WeightFileException.class, () -> open(softmax)).getMessage();
    assertTrue(message.contains("is a Softmax, where a MobileNetV2 has nothing but a sigmoid"), message);
  }

  private static Map.Entry<String, float[]> step(String operation, float... constant) {
    return Map.entry(operation, constant);
  }

  @ParameterizedTest
  @EnumSource(names = {"KERAS", "SYMMETRIC"})
  void anInputScalingInTheGraphIsRead(Padding padding) throws IOException {
    Model model = model(padding, 1e-3);
    var mean = step("Sub", 0.485f, 0.456f, 0.406f);
    var deviation = step("Div", 0.229f, 0.224f, 0.225f);
    var expected = Map.of(
        List.of(step("Div", 127.5f), step("Sub", 1)), InputScaling.MINUS_ONE_TO_ONE,
        List.of(step("Mul", 1 / 127.5f), step("Add", -1)), InputScaling.MINUS_ONE_TO_ONE,
        List.of(step("Div", 255)), InputScaling.ZERO_TO_ONE,
        List.of(step("Div", 255), mean, deviation), InputScaling.TORCH,
        List.of(mean, deviation), InputScaling.TORCH);
    for (var entry : expected.entrySet()) {
      WeightFile file = open(OnnxSketch.scaled(model, entry.getKey()));
      assertEquals(entry.getValue(), file.model().scaling());
      assertTrue(!file.assumed().contains("input_scaling"));
      assertSame(model.weights(), file.model().weights());
    }
    assertTrue(open(OnnxSketch.unfolded(model)).assumed().contains("input_scaling"));
    // 0-(1-x/127.5)
    assertEquals(InputScaling.MINUS_ONE_TO_ONE, open(OnnxSketch.scaledFromLeft(model,
        List.of(step("Mul", 1 / 127.5f), step("Sub", 1), step("Sub", 0)))).model().scaling());
  }

  @Test
  void anInputThatIsChangedOtherwiseIsOneClearError() {
    Model model = model(Padding.KERAS, 1e-3);
    String scaled = assertThrows(WeightFileException.class,
        () -> open(OnnxSketch.scaled(model, List.of(step("Div", 100), step("Sub", 1))))).getMessage();
    assertTrue(scaled.contains("scales its input by x*0.01+-1.0 before the first convolution")
        && scaled.contains("export the model without it"), scaled);
    String many = assertThrows(WeightFileException.class,
        () -> open(OnnxSketch.scaled(model, List.of(step("Sub", new float[224]))))).getMessage();
    assertTrue(many.contains("(Sub), in a way that is not known; export the model without it"), many);
    String inverse = assertThrows(WeightFileException.class,
        () -> open(OnnxSketch.scaledFromLeft(model, List.of(step("Div", 255))))).getMessage();
    assertTrue(inverse.contains("(Div), in a way that is not known"), inverse);
    String turned = assertThrows(WeightFileException.class,
        () -> open(OnnxSketch.scaled(model, List.of(step("Gather", 2, 1, 0))))).getMessage();
    assertTrue(turned.contains("is a Gather, where a MobileNetV2 has the input before its first convolution"), turned);
  }

  private static byte[] initialiser(OnnxSketch.Message tensor) {
    return new OnnxSketch.Message().whole(1, 8).message(7, new OnnxSketch.Message().message(5, tensor.text(8, "t")))
        .toBytes();
  }

  private float[] values(OnnxSketch.Message tensor) throws IOException {
    try (var file = TensorFile.open(Files.write(folder.resolve("t.onnx"), initialiser(tensor)))) {
      return file.read("t").floats();
    }
  }

  /** The fields in which values may stand, by type. */
  @Test
  void valuesOfEveryField() throws IOException {
    var one = new byte[] {0, 0, (byte) 0x80, 0x3f};
    assertArrayEquals(new float[] {1}, values(new OnnxSketch.Message().whole(1, 1).whole(2, 1).bytes(9, one)));
    assertArrayEquals(new float[] {1}, values(new OnnxSketch.Message().whole(1, 1).whole(2, 1).bytes(4, one)));
    // not packed: a field for each value
    assertArrayEquals(new float[] {1, 2},
        values(new OnnxSketch.Message().whole(1, 2).whole(2, 1).real(4, 1).real(4, 2)));
    // float16 in int32_data: 0x3e00 is 1.5
    assertArrayEquals(new float[] {1.5f}, values(new OnnxSketch.Message().whole(1, 1).whole(2, 10).whole(5, 0x3e00)));
    assertArrayEquals(new float[] {-1}, values(new OnnxSketch.Message().whole(1, 1).whole(2, 7).whole(7, -1)));
    // shape packed, a scalar, bfloat16 raw
    assertArrayEquals(new float[] {1, 1}, values(new OnnxSketch.Message().bytes(1, new byte[] {1, 2}).whole(2, 16)
        .bytes(9, new byte[] {(byte) 0x80, 0x3f, (byte) 0x80, 0x3f})));
    assertArrayEquals(new float[] {1}, values(new OnnxSketch.Message().whole(2, 1).bytes(9, one)));
  }

  @Test
  void valuesInAnotherFile() throws IOException {
    Files.write(folder.resolve("t.data"), new byte[] {9, 9, 9, 9, 0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});
    var location = new OnnxSketch.Message().text(1, "location").text(2, "t.data");
    var offset = new OnnxSketch.Message().text(1, "offset").text(2, "4");
    assertArrayEquals(new float[] {1, 2}, values(new OnnxSketch.Message().whole(1, 2).whole(2, 1).whole(14, 1)
        .message(13, location).message(13, offset)));
    // from the beginning where no offset is given
    var length = new OnnxSketch.Message().text(1, "length").text(2, "8");
    assertEquals(1, values(new OnnxSketch.Message().whole(1, 2).whole(2, 1).whole(14, 1)
        .message(13, location).message(13, length))[1]);
    for (String[] entry : new String[][] {{"offset", "-4"}, {"offset", "x"}, {"length", "4611686018427387904"},
        {"length", "12"}, {"length", "-1"}, {"location", "../t.data"}, {"offset", "8"}}) {
      var more = new OnnxSketch.Message().text(1, entry[0]).text(2, entry[1]);
      assertThrows(WeightFileException.class, () -> values(new OnnxSketch.Message().whole(1, 2).whole(2, 1)
          .whole(14, 1).message(13, location).message(13, offset).message(13, more)), entry[0] + entry[1]);
    }
  }

  @Test
  void damageIsOneError() {
    for (byte[] onnx : List.of(initialiser(new OnnxSketch.Message().whole(1, 2).whole(2, 1).bytes(9, new byte[4])),
        initialiser(new OnnxSketch.Message().whole(1, -1).whole(2, 1)),
        // text for a number, a number for text, text for a fraction
        initialiser(new OnnxSketch.Message().whole(1, 1).text(2, "x").bytes(9, new byte[4])),
        initialiser(new OnnxSketch.Message().whole(1, 1).whole(2, 1).whole(8, 1).bytes(9, new byte[4])),
        new OnnxSketch.Message().whole(1, 8).message(7, new OnnxSketch.Message().message(1, new OnnxSketch.Message()
            .message(5, new OnnxSketch.Message().text(2, "x")))).toBytes(),
        new byte[] {8, 8, 0x3a, 0x7f, 1},
        new byte[] {8, 8, 0x3a, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, new byte[] {8, 8, 0x3b, 1},
        new byte[] {8, 8, 0x3a, 2, 0, 1}, new byte[] {8, 8, 0x3a, 2, 8, 1})) {
      Path path = folder.resolve("d.onnx");
      String message = assertThrows(WeightFileException.class,
          () -> TensorFile.open(Files.write(path, onnx)).close()).getMessage();
      assertTrue(message.startsWith(path + ": "), message);
    }
  }
}
