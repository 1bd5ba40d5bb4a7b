package dev.lentil.weights.scheme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.safetensors.SafetensorsWriter;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import dev.lentil.weights.WeightFile;
import dev.lentil.weights.store.WeightFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NamingSchemeTest {
  private static final MobileNetV2 ARCHITECTURE = MobileNetV2.keras(0.1, 32, 32, new Head.Classifier(3));
  private static final Weights WEIGHTS = new RandomTensors(7).weights(ARCHITECTURE.network());

  @TempDir
  private Path folder;

  /** The weights as a program of this scheme would store them. */
  private static Map<String, Tensor> stored(NamingScheme scheme) {
    var tensors = new LinkedHashMap<String, Tensor>();
    scheme.allRenames().forEach(rename -> tensors.put(rename.source(),
        rename.layout().fromLentil(WEIGHTS.get(rename.parameter()))));
    return tensors;
  }

  private static Map<String, Tensor> below(String prefix, Map<String, Tensor> tensors) {
    return tensors.entrySet().stream().collect(Collectors.toMap(e -> prefix + e.getKey(), Map.Entry::getValue));
  }

  private WeightFile open(Map<String, Tensor> tensors) {
    Path path = folder.resolve("x.safetensors");
    SafetensorsWriter.write(path, tensors, Map.of());
    return WeightFile.open(path);
  }

  private static void assertSame(Weights expected, Model actual) {
    assertEquals(expected.tensors().keySet(), actual.weights().tensors().keySet());
    expected.tensors().forEach((name, tensor) -> assertArrayEquals(tensor.floats(),
        actual.weights().get(name).floats(), name));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ONNX_GRAPH")
  void everySchemeNamesEveryWeightOnce(NamingScheme scheme) {
    List<Rename> renames = scheme.renames();
    assertEquals(260, renames.size());
    assertEquals(260, new HashSet<>(renames.stream().map(Rename::source).toList()).size());
    var parameters = new HashSet<>(renames.stream().map(Rename::parameter).toList());
    assertEquals(new HashSet<>(WEIGHTS.tensors().keySet().stream().filter(n -> !n.startsWith("predictions")).toList()),
        parameters);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ONNX_GRAPH")
  void everySchemeIsRecognised(NamingScheme scheme) {
    WeightFile file = open(stored(scheme));
    assertEquals(scheme, file.scheme());
    assertSame(WEIGHTS, file.model());
    boolean torch = scheme == NamingScheme.TORCHVISION || scheme == NamingScheme.TIMM;
    assertEquals(torch ? Padding.SYMMETRIC : Padding.KERAS, file.model().architecture().padding());
    assertEquals(torch ? 1e-5 : 1e-3, file.model().architecture().bnEpsilon());
    assertEquals(torch ? InputScaling.TORCH : InputScaling.MINUS_ONE_TO_ONE, file.model().scaling());
    assertEquals(new Head.Classifier(3), file.model().architecture().head());
    assertEquals(262, file.sources().stream().filter(s -> s.fate() instanceof SourceTensor.Mapped).count());
  }

  /** Names as they stand in files of the programs. */
  @ParameterizedTest
  @CsvSource({"KERAS,block_16_project_BN/moving_variance,block_16_project_BN/moving_variance",
      "KERAS_NUMBERED,batch_normalization_51/beta,Conv_1_bn/beta",
      "KERAS_NUMBERED,depthwise_conv2d_1/depthwise_kernel,block_1_depthwise/depthwise_kernel",
      "TORCHVISION,features.1.conv.1.weight,expanded_conv_project/kernel",
      "TORCHVISION,features.17.conv.3.running_var,block_16_project_BN/moving_variance",
      "TIMM,blocks.0.0.bn2.bias,expanded_conv_project_BN/beta",
      "TIMM,blocks.6.0.conv_pwl.weight,block_16_project/kernel", "TIMM,blocks.1.1.conv_dw.weight,"
          + "block_2_depthwise/depthwise_kernel",
      "TRANSFORMERS,mobilenet_v2.conv_stem.reduce_1x1.convolution.weight,expanded_conv_project/kernel",
      "TRANSFORMERS,mobilenet_v2.layer.15.conv_3x3.normalization.bias,block_16_depthwise_BN/beta",
      "TF_SLIM,MobilenetV2/expanded_conv_16/depthwise/depthwise_weights,block_16_depthwise/depthwise_kernel",
      "TF_SLIM,MobilenetV2/Conv_1/BatchNorm/gamma,Conv_1_bn/gamma"})
  void knownNames(NamingScheme scheme, String source, String parameter) {
    assertEquals(parameter, scheme.renames().stream().filter(rename -> rename.source().equals(source)).findFirst()
        .orElseThrow(() -> new AssertionError("no " + source)).parameter());
  }

  @Test
  void wrappedCheckpoints() {
    for (String prefix : List.of("module.", "state_dict.module.", "model.", "backbone.")) {
      assertSame(WEIGHTS, open(below(prefix, stored(NamingScheme.TORCHVISION))).model());
    }
    // beside a running average, of which the weights are meant
    for (String prefix : List.of("state_dict.", "net.")) {
      var both = below(prefix, stored(NamingScheme.TORCHVISION));
      var average = below("ema.", stored(NamingScheme.TORCHVISION));
      average.replaceAll((_, tensor) -> Tensor.of(tensor.shape(), new float[tensor.shape().size()]));
      both.putAll(average);
      WeightFile file = open(both);
      assertSame(WEIGHTS, file.model());
      assertEquals(262, file.sources().stream().filter(s -> s.fate() instanceof SourceTensor.Ignored(String reason)
          && reason.equals("outside of '" + prefix + "', where the network is")).count());
    }
    // two that cannot be told apart
    var two = below("teacher.", stored(NamingScheme.TORCHVISION));
    two.putAll(below("student.", stored(NamingScheme.TORCHVISION)));
    String message = assertThrows(WeightFileException.class, () -> open(two)).getMessage();
    assertTrue(message.contains("several networks in it, below [student., teacher.]"), message);
  }

  /**
   * What goes for two networks that stand by themselves goes for two in one wrapper, and for one beside the parts of the
   * other, however they are called.
   */
  @ParameterizedTest
  @CsvSource({"state_dict.ema_model.,state_dict.model.", "state_dict.student.,state_dict.teacher.",
      "model.encoder_k.,model.encoder_q.", "'',ema."})
  void severalNetworksThatNoWrapperTellsApart(String one, String other) {
    var two = below(one, stored(NamingScheme.TORCHVISION));
    two.putAll(below(other, stored(NamingScheme.TORCHVISION)));
    String message = assertThrows(WeightFileException.class, () -> open(two)).getMessage();
    assertTrue(message.contains("several networks in it, below [" + one + ", " + other + "]"), message);
  }

  @Test
  void namesOfAnotherNetworkAreOneClearError() {
    String message = assertThrows(WeightFileException.class,
        () -> open(Map.of("encoder.weight", Tensor.of(Shape.of(2), new float[2])))).getMessage();
    assertTrue(message.contains("there is no Conv1/kernel (Keras), conv2d/kernel (Keras, by number), "
        + "features.0.0.weight (torchvision), ") && message.endsWith("; they begin with 'encoder.weight'"), message);
  }

  @Test
  void aKernelOfAnotherRankIsOneClearError() {
    Map<String, Tensor> tensors = stored(NamingScheme.TORCHVISION);
    tensors.put("features.1.conv.1.weight", Tensor.of(Shape.of(8), new float[8]));
    String message = assertThrows(WeightFileException.class, () -> open(tensors)).getMessage();
    assertTrue(message.contains("'features.1.conv.1.weight' has the shape [8], but must have 4 axes"), message);
  }

  @Test
  void theHeadMayStandBesideTheNetwork() {
    var tensors = new HashMap<String, Tensor>();
    stored(NamingScheme.TORCHVISION).forEach((name, tensor) -> tensors
        .put(name.startsWith("classifier") ? "net.fc." + name.substring(13) : "net.backbone." + name, tensor));
    assertSame(WEIGHTS, open(tensors).model());
    // and an optimiser's memory beside both
    var flat = new HashMap<String, Tensor>();
    tensors.forEach((name, tensor) -> flat.put(name.substring(4), tensor));
    flat.put("optimizer.state.0.exp_avg", Tensor.of(Shape.of(3, 1280), new float[3 * 1280]));
    assertSame(WEIGHTS, open(flat).model());
  }

  @Test
  void transformersModelsWithoutAHead() {
    var tensors = new HashMap<String, Tensor>();
    stored(NamingScheme.TRANSFORMERS).forEach((name, tensor) -> tensors.put(name.replace("mobilenet_v2.", ""), tensor));
    tensors.keySet().removeIf(name -> name.startsWith("classifier"));
    WeightFile file = open(tensors);
    assertEquals(NamingScheme.TRANSFORMERS, file.scheme());
    assertEquals(new Head.Features(), file.model().architecture().head());
  }

  @ParameterizedTest
  @EnumSource(names = {"KERAS", "TF_SLIM"})
  void theOnlyMatrixIsTheHead(NamingScheme scheme) {
    Map<String, Tensor> tensors = stored(scheme);
    tensors.keySet().removeAll(List.of(scheme.head().kernel(), scheme.head().bias()));
    tensors.put("dense_3/kernel", WEIGHTS.get("predictions/kernel"));
    tensors.put("dense_3/bias", WEIGHTS.get("predictions/bias"));
    assertSame(WEIGHTS, open(tensors).model());
    // without a bias it adds nothing
    tensors.remove("dense_3/bias");
    assertArrayEquals(new float[3], open(tensors).model().weights().get("predictions/bias").floats());
    // two matrices are another network
    tensors.put("dense_4/kernel", Tensor.of(Shape.of(3, 2), new float[6]));
    WeightFile file = open(tensors);
    assertEquals(new Head.Features(), file.model().architecture().head());
    assertEquals(2, file.sources().stream().filter(s -> s.fate() instanceof SourceTensor.Ignored).count());
  }

  /** A batch normalisation before the dense layer acts on its answers, so the dense layer alone is not the head. */
  @ParameterizedTest
  @CsvSource({"KERAS,batch_normalization/gamma,", "TORCHVISION,classifier.0.running_mean,",
      "TORCHVISION,net.norm.weight,net.", "TORCHVISION,net.backbone.norm.weight,net.", "TIMM,temperature,"})
  void aDenseLayerWithSomethingBesideItIsAnotherHead(NamingScheme scheme, String more, String around) {
    var tensors = new LinkedHashMap<String, Tensor>();
    stored(scheme).forEach((name, tensor) -> tensors.put(around == null
        ? name
        : name.startsWith("classifier") ? around + "fc." + name.substring(13) : around + "backbone." + name, tensor));
    tensors.put(more, Tensor.of(Shape.of(1280), new float[1280]));
    WeightFile file = open(tensors);
    assertEquals(new Head.Features(), file.model().architecture().head());
    var ignored = file.sources().stream().filter(s -> s.fate() instanceof SourceTensor.Ignored).toList();
    assertEquals(3, ignored.size());
    ignored.forEach(source -> assertEquals(
        new SourceTensor.Ignored("of another head: it has '" + more + "' beside its dense layer"), source.fate()));
  }

  /** In the file of a training run of slim each weight stands twice more: its average and its momentum. */
  @Test
  void optimisersMemoryIsLeftOut() {
    Map<String, Tensor> tensors = stored(NamingScheme.TF_SLIM);
    tensors.put("MobilenetV2/Conv/weights/RMSProp", tensors.get("MobilenetV2/Conv/weights"));
    tensors.put("MobilenetV2/Conv/weights/ExponentialMovingAverage", tensors.get("MobilenetV2/Conv/weights"));
    assertSame(WEIGHTS, open(tensors).model());
  }
}
