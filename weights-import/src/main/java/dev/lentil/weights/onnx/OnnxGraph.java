package dev.lentil.weights.onnx;

import dev.lentil.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An ONNX model under construction, float32 with a free batch size. Numbers are those of the fields in onnx.proto. Its
 * bytes depend on the content alone: attributes and metadata stand in the order of their names.
 * Source: github.com/onnx/onnx, onnx/onnx.proto and docs/IR.md, version 8 of the representation; operators of set 17.
 */
final class OnnxGraph {
  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 17;
  private static final int FLOAT = 1;
  private static final String BATCH = "N";

  private final ProtobufWriter graph = new ProtobufWriter();

  OnnxGraph(String name) {
    graph.text(2, name);
  }

  /** What an attribute of an operator may be. */
  sealed interface Attribute {
    /** A whole number. */
    record Number(long value) implements Attribute {}

    /** A float32. */
    record Real(float value) implements Attribute {}

    /** Several whole numbers. */
    record Numbers(List<Integer> values) implements Attribute {}
  }

  /** Adds an operation, after those that make its inputs. */
  void node(String operator, String name, List<String> inputs, String output, Map<String, Attribute> attributes) {
    var node = new ProtobufWriter();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, name).text(4, operator);
    new TreeMap<>(attributes).forEach((key, value) -> node.message(5, attribute(key, value)));
    graph.message(1, node);
  }

  private static ProtobufWriter attribute(String name, Attribute value) {
    var attribute = new ProtobufWriter().text(1, name);
    return switch (value) {
      case Attribute.Real(float real) -> attribute.real(2, real).integer(20, 1);
      case Attribute.Number(long number) -> attribute.integer(3, number).integer(20, 2);
      case Attribute.Numbers(List<Integer> numbers) -> {
        numbers.forEach(number -> attribute.integer(8, number));
        yield attribute.integer(20, 7);
      }
    };
  }

  /** Adds a constant. */
  void constant(String name, Shape shape, float[] values) {
    var tensor = new ProtobufWriter();
    for (int extent : shape.toArray()) {
      tensor.integer(1, extent);
    }
    var raw = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    graph.message(5, tensor.integer(2, FLOAT).text(8, name).bytes(9, raw.array()));
  }

  /**
   * Names the input.
   *
   * @param extents all but the batch
   */
  void input(String name, List<Integer> extents) {
    graph.message(11, value(name, extents));
  }

  /** Names the output; see {@link #input}. */
  void output(String name, List<Integer> extents) {
    graph.message(12, value(name, extents));
  }

  private static ProtobufWriter value(String name, List<Integer> extents) {
    var shape = new ProtobufWriter().message(1, new ProtobufWriter().text(2, BATCH));
    extents.forEach(extent -> shape.message(1, new ProtobufWriter().integer(1, extent)));
    var tensor = new ProtobufWriter().integer(1, FLOAT).message(2, shape);
    return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
  }

  /** The whole file. */
  byte[] file(Map<String, String> metadata) {
    var model = new ProtobufWriter().integer(1, IR_VERSION).text(2, "lentil");
    model.message(7, graph).message(8, new ProtobufWriter().text(1, "").integer(2, OPERATOR_SET));
    new TreeMap<>(metadata)
        .forEach((key, value) -> model.message(14, new ProtobufWriter().text(1, key).text(2, value)));
    return model.toByteArray();
  }
}
