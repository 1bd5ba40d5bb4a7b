package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Weights;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.safetensors.SafetensorsWriter;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code inspect}, {@code import}, {@code export} and {@code diff}. */
@Isolated("one of its tests sets the process's locale")
class WeightCommandsTest {
  @TempDir
  private Path folder;
  private Path weights;
  private Model model;
  private StringWriter out;
  private StringWriter err;

  @BeforeEach
  void aModel() {
    var architecture = MobileNetV2.keras(0.1, 32, 32, new Head.Classifier(3));
    model = new Model(architecture, InputScaling.MINUS_ONE_TO_ONE, Initializer.weights(architecture.network(), 5),
        Map.of("licence", "none"));
    weights = folder.resolve("lentil.safetensors");
    ModelFile.write(weights, model);
  }

  private int lentil(Object... args) {
    out = new StringWriter();
    err = new StringWriter();
    return Main.run(new PrintWriter(out), new PrintWriter(err),
        List.of(args).stream().map(Object::toString).toArray(String[]::new));
  }

  private void assertPrinted(String... parts) {
    for (String part : parts) {
      assertTrue(out.toString().contains(part), part + " in " + out + err);
    }
  }

  @Test
  void outAndInAgain() {
    Path torch = folder.resolve("torch.safetensors");
    assertEquals(0, lentil("export", weights, "--to", torch, "--names", "torchvision"), err.toString());
    assertPrinted("Wrote " + torch, "These weights need Keras's padding", "the epsilon 0.001",
        "images scaled x/127.5-1; torchvision's own network has symmetric padding, 1.0E-5 and (x/255-mean)/std.");
    assertEquals(0, lentil("diff", weights, torch), out.toString());
    assertPrinted("Compared: weights of a MobileNetV2", "No difference");
    Path back = folder.resolve("back.safetensors");
    assertEquals(0, lentil("import", torch, "--to", back), err.toString());
    assertPrinted("weights named as by torchvision", "262 mapped", "Wrote " + back);
    Model read = ModelFile.read(back);
    assertEquals(model.architecture(), read.architecture());
    model.weights().tensors().forEach((name, tensor) -> assertArrayEquals(tensor.floats(),
        read.weights().get(name).floats(), name));
  }

  /** A network of the right padding and epsilon answers wrongly, without an error, where only the images are scaled otherwise. */
  @Test
  void theScalingOfImagesAloneIsToldToo() {
    Path tf = folder.resolve("tf.safetensors");
    assertEquals(0, lentil("export", weights, "--to", tf, "--names", "transformers"), err.toString());
    assertFalse(out.toString().contains("These weights need"), out.toString());
    ModelFile.write(weights, new Model(model.architecture(), InputScaling.ZERO_TO_ONE, model.weights(), Map.of()));
    assertEquals(0, lentil("export", weights, "--to", tf, "--names", "transformers", "--overwrite"), err.toString());
    assertPrinted("images scaled x/255; transformers's own network has keras padding, 0.001 and x/127.5-1.");
  }

  /** A number in Arabic digits is one that no script finds. */
  @Test
  void theDigitsAreThoseOfNoLanguage() {
    var before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals(0, lentil("inspect", weights), err.toString());
    } finally {
      Locale.setDefault(before);
    }
    assertPrinted("262 tensors", "262 mapped");
  }

  @Test
  void asOnnxAndInAgain() {
    Path onnx = folder.resolve("model.onnx");
    assertEquals(0, lentil("export", weights, "--to", onnx, "--keep-normalization"), err.toString());
    assertPrinted("Wrote " + onnx, "batch normalisation kept", "input [N,3,32,32] scaled x/127.5-1");
    assertEquals(0, lentil("diff", weights, onnx), out.toString());
    assertPrinted("No difference");
    assertEquals(0, lentil("export", weights, "--to", onnx, "--overwrite", "--logits"), err.toString());
    assertPrinted("batch normalisation folded", "output logits");
    assertEquals(1, lentil("diff", weights, onnx), "folded weights are not the weights");
    assertPrinted("batch normalisation: folded into the convolutions in " + onnx);
    assertEquals(2, lentil("export", weights, "--to", onnx, "--overwrite", "--names", "timm"));
    assertTrue(err.toString().contains("--names is for safetensors"), err.toString());
    assertEquals(2, lentil("export", weights, "--to", folder.resolve("a.safetensors"), "--logits"));
    assertTrue(err.toString().contains("--logits is for ONNX"), err.toString());
  }

  @Test
  void featuresAsOnnx() {
    Path features = folder.resolve("features.safetensors");
    assertEquals(0, lentil("import", weights, "--to", features, "--classes", "0"), err.toString());
    Path onnx = folder.resolve("features.onnx");
    assertEquals(2, lentil("export", features, "--to", onnx, "--logits"));
    assertTrue(err.toString().contains("--logits is for a network with classes, and " + features + " has none"),
        err.toString());
    assertFalse(Files.exists(onnx));
    assertEquals(0, lentil("export", features, "--to", onnx), err.toString());
    assertPrinted("output features");
  }

  @Test
  void aFileIsNotOverwrittenUnasked() {
    assertEquals(1, lentil("import", weights, "--to", weights));
    assertTrue(err.toString().startsWith("error: " + weights + " exists; give another name"), err.toString());
    assertEquals(1, lentil("export", weights, "--to", weights, "--names", "timm"));
    assertEquals(0, lentil("import", weights, "--to", weights, "--overwrite", "--resolution", "64x32"));
    assertEquals(64, ModelFile.read(weights).architecture().height());
  }

  @Test
  void safetensorsAreNotWrittenUnderAnotherFormatsName() {
    Path onnx = folder.resolve("model.onnx");
    assertEquals(2, lentil("import", weights, "--to", onnx));
    assertTrue(err.toString().contains("give a name that ends in .safetensors, or use export for ONNX"),
        err.toString());
    assertEquals(2, lentil("export", weights, "--to", folder.resolve("model.PTH"), "--names", "torchvision"));
    assertTrue(err.toString().contains("safetensors are written, not .pth"), err.toString());
    assertFalse(Files.exists(onnx));
  }

  /** The first bytes say what a file is. */
  @Test
  void safetensorsUnderAnotherFormatsNameAreRead() throws IOException {
    Path onnx = folder.resolve("model.onnx");
    Files.copy(weights, onnx);
    assertEquals(0, lentil("diff", weights, onnx), out + err.toString());
  }

  @ParameterizedTest
  @CsvSource({"--resolution, 0", "--resolution, 96x", "--padding, valid", "--bn-epsilon, -1", "--alpha, NaN",
      "--classes, -2"})
  void whatAnOptionCannotBeIsBadUsage(String option, String value) {
    assertEquals(2, lentil("import", weights, "--to", folder.resolve("a"), option + "=" + value));
    assertTrue(err.toString().contains(option + " is " + value), err.toString());
  }

  @Test
  void whatIsAssumedIsSaidAndCanBeOverridden() {
    Path bare = folder.resolve("bare.safetensors");
    Path torch = folder.resolve("torch.safetensors");
    lentil("export", weights, "--to", torch, "--names", "timm");
    try (var file = SafetensorsFile.open(torch)) {
      SafetensorsWriter.write(bare, file.tensors(""), Map.of());
    }
    assertEquals(0, lentil("import", bare, "--to", folder.resolve("a")), err.toString());
    assertPrinted("padding        symmetric   (assumed: the file does not say; --padding overrides)",
        "bn_epsilon     1.0E-5   (assumed: the file does not say; --bn-epsilon overrides)");
    assertEquals(0, lentil("import", bare, "--to", folder.resolve("b"), "--padding", "keras", "--bn-epsilon", "0.001",
        "--input-scaling", "x/127.5-1", "--names", "timm", "--json"), err.toString());
    assertEquals(List.of(), ((Map<?, ?>) Json.parse(out.toString())).get("assumed"));
    assertEquals(model.architecture().padding(), ModelFile.read(folder.resolve("b")).architecture().padding());
    assertEquals(1, lentil("diff", folder.resolve("a"), folder.resolve("b")));
    assertPrinted("  padding: symmetric and keras", "  bn_epsilon: 1.0E-5 and 0.001", "They differ");
    assertEquals(2, lentil("import", bare, "--to", folder.resolve("c"), "--names", "torch"));
    assertTrue(err.toString().contains("'torch' is none of [keras, keras-numbered, torchvision"), err.toString());
  }

  @Test
  void inspectShowsEverything() {
    assertEquals(0, lentil("inspect", weights), err.toString());
    assertPrinted("lentil.safetensors: safetensors", "Conv1/kernel ", "F32   [3, 3, 3, 8]", "licence = none",
        "bn_Conv1/gamma ", "1.000 to       1.000, mean       1.000, deviation      0.000", "head           classifier");
    assertEquals(0, lentil("inspect", weights, "--json"), err.toString());
    var document = (Map<?, ?>) Json.parse(out.toString());
    assertEquals("SAFETENSORS", document.get("format"));
    assertEquals(262, ((List<?>) document.get("tensors")).size());
    assertEquals("keras", ((Map<?, ?>) document.get("recognised")).get("scheme"));
  }

  /** A file of something else is shown, not refused. */
  @Test
  void inspectOfAnotherNetwork() {
    Path other = folder.resolve("other.safetensors");
    SafetensorsWriter.write(other,
        Map.of("layer.weight", Tensor.of(Shape.of(3), 1f, Float.NaN, Float.POSITIVE_INFINITY)), Map.of());
    assertEquals(0, lentil("inspect", other), err.toString());
    assertPrinted("layer.weight F32   [3]", "2 not finite", "No metadata",
        "Not recognised as a MobileNetV2: " + other + ": these are not a MobileNetV2's weights");
    assertEquals(0, lentil("inspect", other, "--json"), err.toString());
    assertEquals(1, lentil("inspect", folder.resolve("none")));
    assertTrue(err.toString().startsWith("error: " + folder.resolve("none") + ": there is no such weight file"),
        err.toString());
  }

  @Test
  void theColumnOfTypesIsAsWideAsTheLongest() throws IOException {
    byte[] header = ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
        + "\"b\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[4,5]}}").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + header.length + 5).order(ByteOrder.LITTLE_ENDIAN);
    Path file = Files.write(folder.resolve("f8"), bytes.putLong(header.length).put(header).array());
    assertEquals(0, lentil("inspect", file), err.toString());
    assertPrinted("a F32     [1]", "b F8_E4M3 [1]");
  }

  @Test
  void diffNamesWhatDiffers() {
    var changed = new LinkedHashMap<>(model.weights().tensors());
    Tensor kernel = changed.get("Conv_1/kernel").copy();
    kernel.floats()[7] += 0.5f;
    changed.put("Conv_1/kernel", kernel);
    Path other = folder.resolve("other.safetensors");
    ModelFile.write(other, new Model(model.architecture(), model.scaling(), new Weights(changed), Map.of()));
    assertEquals(1, lentil("diff", weights, other));
    assertPrinted("  Conv_1/kernel: 1 values differ, at most by 0.5", "They differ");
    assertEquals(1, lentil("diff", weights, other, "--json"));
    assertEquals(false, ((Map<?, ?>) Json.parse(out.toString())).get("same"));
    // what is no MobileNetV2 is compared by its own names
    Path a = folder.resolve("a");
    Path b = folder.resolve("b");
    SafetensorsWriter.write(a, Map.of("x", Tensor.of(Shape.of(1), 1f), "y", Tensor.of(Shape.of(1), 1f)), Map.of());
    SafetensorsWriter.write(b, Map.of("x", Tensor.of(Shape.of(2), 1f, 2f), "z", Tensor.of(Shape.of(1), 1f)), Map.of());
    assertEquals(1, lentil("diff", a, b));
    assertPrinted("tensors by the files' own names", "  x: [1] and [2]", "  y: only in " + a, "  z: only in " + b);
    assertEquals(0, lentil("diff", a, a));
  }

  @Test
  void exportOfWhatIsNoRun() throws Exception {
    Path run = Files.createDirectory(folder.resolve("run"));
    assertEquals(1, lentil("export", run, "--to", folder.resolve("x")));
    assertTrue(err.toString().contains("this folder holds no weights"), err.toString());
    assertEquals(2, lentil("export", weights, "--to", folder.resolve("x"), "--names", "onnx-graph"));
  }

  /** The Keras file and the PyTorch file of one network, once the latter's conventions are named. */
  @Test
  void otherProgramsFiles() {
    Path keras = SharedData.require("import-samples/mobilenet_v2_0.35_96_no_top.keras");
    Path torch = SharedData.require("import-samples/mobilenet_v2_0.35_training_checkpoint.pth.tar");
    Path imported = folder.resolve("imported");
    assertEquals(0, lentil("import", torch, "--to", imported, "--padding", "keras", "--bn-epsilon", "0.001",
        "--input-scaling", "x/127.5-1", "--resolution", "96", "--classes", "0"), err.toString());
    assertEquals(0, lentil("diff", keras, imported), out.toString());
    assertEquals(1, lentil("inspect", SharedData.require("import-samples/hostile_pickle.pth")));
    assertTrue(err.toString().contains("posix.system"), err.toString());
  }
}
