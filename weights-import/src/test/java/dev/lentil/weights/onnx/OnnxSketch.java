package dev.lentil.weights.onnx;

import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Padding;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.weights.scheme.ConvolutionUnit;
import dev.lentil.weights.scheme.Layout;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes the graph of a MobileNetV2 as ONNX, in as few words as the reader needs, for tests: with batch normalisation or
 * folded, padded by the convolution or before it.
 */
final class OnnxSketch {
  /** A protobuf message that is being written. */
  static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message whole(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message real(int field, float value) {
      varint((long) field << 3 | 5);
      bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
      return this;
    }

    Message bytes(int field, byte[] value) {
      varint((long) field << 3 | 2);
      varint(value.length);
      bytes.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.toBytes());
    }

    byte[] toBytes() {
      return bytes.toByteArray();
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        bytes.write((int) (rest & 0x7F | 0x80));
        rest >>>= 7;
      }
      bytes.write((int) rest);
    }
  }

  private final Message graph = new Message();
  private final boolean norm;
  private String last = "input";
  private String activation = "Clip";
  private float limit = 6;
  private String blockInput = "";
  private int blockChannels;
  private int blockStride;
  /** Which operations stand where, by name. */
  private Map<String, String> operations = Map.of();
  private List<Map.Entry<String, float[]>> scaling = List.of();

  private OnnxSketch(boolean norm) {
    this.norm = norm;
  }

  /** A model with its batch normalisations. */
  static byte[] unfolded(Model model) {
    return new OnnxSketch(true).write(model);
  }

  /** A model whose batch normalisations must be neutral but for beta, written as the convolutions' biases. */
  static byte[] folded(Model model) {
    return new OnnxSketch(false).write(model);
  }

  /** A model with another activation than ReLU6. */
  static byte[] withActivation(Model model, String activation, float limit) {
    var sketch = new OnnxSketch(true);
    sketch.activation = activation;
    sketch.limit = limit;
    return sketch.write(model);
  }

  /**
   * A model with other operations than a MobileNetV2 has.
   *
   * @param operations by where they stand, several with spaces between them: {@code sum} and {@code pool} in place of Add
   *     and GlobalAveragePool; {@code expand}, {@code dense} before and {@code end} behind these; {@code head}, MatMul and
   *     Add or a Conv in place of Gemm; {@code relu}, an operation before the Clip, which then has no minimum; {@code
   *     padding}, how all convolutions pad; {@code constants}, what gives the weights; {@code input}, the input's
   *     extents, N for a free one; {@code Conv1/pads}, the digits of one convolution's attribute
   */
  static byte[] withOperations(Model model, Map<String, String> operations) {
    var sketch = new OnnxSketch(true);
    sketch.operations = operations;
    return sketch.write(model);
  }

  /** A model that calculates with its input; each operation has the input first, then the constant. */
  static byte[] scaled(Model model, List<Map.Entry<String, float[]>> scaling) {
    var sketch = new OnnxSketch(true);
    sketch.scaling = scaling;
    return sketch.write(model);
  }

  /** As {@link #scaled}, with the constant first, a single one that an operation gives. */
  static byte[] scaledFromLeft(Model model, List<Map.Entry<String, float[]>> scaling) {
    var sketch = new OnnxSketch(true);
    for (Map.Entry<String, float[]> step : scaling) {
      String input = sketch.last;
      sketch.node("Constant", List.of(), new Message().text(1, "value_float").real(2, step.getValue()[0]));
      sketch.node(step.getKey(), List.of(sketch.last, input));
    }
    return sketch.write(model);
  }

  private void optional(String place) {
    if (operations.containsKey(place)) {
      for (String operation : operations.get(place).split(" ")) {
        node(operation, List.of(last));
      }
    }
  }

  private byte[] write(Model model) {
    for (Map.Entry<String, float[]> step : scaling) {
      String name = "c" + graph.bytes.size();
      tensor(name, Tensor.of(Shape.of(step.getValue().length), step.getValue()));
      node(step.getKey(), List.of(last, name));
    }
    boolean keras = model.architecture().padding() == Padding.KERAS;
    scalar("zero", 0);
    scalar("limit", limit);
    for (ConvolutionUnit unit : ConvolutionUnit.all()) {
      unit(model, unit, keras);
    }
    node(operations.getOrDefault("pool", "GlobalAveragePool"), List.of(last));
    optional("dense");
    head(model.weights().get("predictions/kernel"), model.weights().get("predictions/bias"));
    optional("end");
    if (operations.containsKey("input")) {
      var shape = new Message();
      for (String extent : operations.get("input").split(" ")) {
        shape.message(1,
            extent.equals("N") ? new Message().text(2, "N") : new Message().whole(1, Long.parseLong(extent)));
      }
      var type = new Message().message(1, new Message().whole(1, 1).message(2, shape));
      graph.message(11, new Message().text(1, "input").message(2, type));
    }
    return new Message().whole(1, 8).text(2, "a test").message(7, graph)
        .message(14, new Message().text(1, "classes").text(2, "cat, dog")).toBytes();
  }

  private void head(Tensor kernel, Tensor bias) {
    tensor("b", bias);
    Tensor turned = Layout.OUT_IN.fromLentil(kernel);
    switch (operations.getOrDefault("head", "Gemm")) {
      case "MatMul" -> {
        tensor("w", kernel);
        node("MatMul", List.of(last, "w"));
        node("Add", List.of(last, "b"));
      }
      case "Conv" -> {
        tensor("w", Tensor.of(Shape.of(turned.shape().extent(0), turned.shape().extent(1), 1, 1), turned.floats()));
        node("Conv", List.of(last, "w", "b"));
      }
      default -> {
        tensor("w", turned);
        node("Gemm", List.of(last, "w", "b"), new Message().text(1, "transB").whole(3, 1));
      }
    }
  }

  private void unit(Model model, ConvolutionUnit unit, boolean keras) {
    Layout layout = unit.depthwise() ? Layout.DEPTHWISE_OIHW : Layout.OIHW;
    Tensor kernel = layout.fromLentil(model.weights().get(unit.kernel()));
    int extent = kernel.shape().extent(-1);
    if (unit.part() == ConvolutionUnit.Part.EXPAND || unit.block() == 0 && unit.depthwise()) {
      blockInput = last;
      blockChannels = kernel.shape().extent(unit.depthwise() ? 0 : 1);
      optional("expand");
    }
    blockStride = unit.depthwise() ? unit.stride() : blockStride;
    boolean separate = keras && unit.stride() == 2 && !operations.containsKey("padding");
    if (separate) {
      // Opset 11 and later: how much is padded is an input
      graph.message(5, new Message().whole(1, 8).whole(2, 7).text(8, unit.convolution() + ".pads")
          .bytes(7, new byte[] {0, 0, 0, 0, 0, 0, 1, 1}));
      node("Pad", List.of(last, unit.convolution() + ".pads"));
    }
    int pad = extent == 3 && !separate ? 1 : 0;
    tensor(unit.convolution() + ".k", kernel);
    Message pads = operations.containsKey("padding")
        ? new Message().text(1, "auto_pad").text(4, operations.get("padding"))
        : new Message().text(1, "pads").bytes(8, new byte[] {(byte) pad, (byte) pad, (byte) pad, (byte) pad});
    Message strides = new Message().text(1, "strides").whole(8, unit.stride()).whole(8, unit.stride());
    Message dilations = new Message().text(1, "dilations").whole(8, 1).whole(8, 1);
    Message group = new Message().text(1, "group").whole(3, unit.depthwise() ? kernel.shape().extent(0) : 1);
    Message[] attributes = {attribute(unit, "pads", pads), attribute(unit, "strides", strides),
        attribute(unit, "dilations", dilations), group};
    if (norm) {
      node("Conv", List.of(last, unit.convolution() + ".k"), attributes);
      var inputs = new ArrayList<>(List.of(last));
      for (String variable : List.of("/gamma", "/beta", "/moving_mean", "/moving_variance")) {
        tensor(unit.norm() + variable, model.weights().get(unit.norm() + variable));
        inputs.add(unit.norm() + variable);
      }
      node("BatchNormalization", inputs,
          new Message().text(1, "epsilon").real(2, (float) model.architecture().bnEpsilon()));
    } else {
      tensor(unit.convolution() + ".b", model.weights().get(unit.norm() + "/beta"));
      node("Conv", List.of(last, unit.convolution() + ".k", unit.convolution() + ".b"), attributes);
    }
    if (unit.part() != ConvolutionUnit.Part.PROJECT) {
      optional("relu");
      node(activation, List.of(last, operations.containsKey("relu") ? "" : "zero", "limit"));
    } else if (blockStride == 1 && blockChannels == kernel.shape().extent(0)) {
      node(operations.getOrDefault("sum", "Add"), List.of(blockInput, last));
    }
  }

  /** What a convolution's attribute is, or the digits that stand in its place. */
  private Message attribute(ConvolutionUnit unit, String name, Message usual) {
    String digits = operations.get(unit.convolution() + "/" + name);
    if (digits == null) {
      return usual;
    }
    var other = new Message().text(1, name);
    digits.chars().forEach(digit -> other.whole(8, digit - '0'));
    return other;
  }

  private void node(String type, List<String> inputs, Message... attributes) {
    var node = new Message();
    inputs.forEach(input -> node.text(1, input));
    last = type + graph.bytes.size();
    node.text(2, last).text(4, type);
    Arrays.stream(attributes).forEach(attribute -> node.message(5, attribute));
    graph.message(1, node);
  }

  private void scalar(String name, float value) {
    graph.message(5, new Message().whole(2, 1).text(8, name)
        .bytes(4, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array()));
  }

  private void tensor(String name, Tensor tensor) {
    var message = new Message();
    for (int extent : tensor.shape().toArray()) {
      message.whole(1, extent);
    }
    ByteBuffer values = ByteBuffer.allocate(4 * tensor.shape().size()).order(ByteOrder.LITTLE_ENDIAN);
    values.asFloatBuffer().put(tensor.floats());
    message.whole(2, 1).bytes(9, values.array());
    String operation = operations.getOrDefault("constants", "");
    switch (operation) {
      case "" -> graph.message(5, message.text(8, name));
      case "Constant" -> graph.message(1, new Message().text(2, name).text(4, "Constant")
          .message(5, new Message().text(1, "value").message(5, message)));
      default -> {
        graph.message(5, message.text(8, name + ".shared"));
        graph.message(1, new Message().text(1, name + ".shared").text(2, name).text(4, operation));
      }
    }
  }
}
