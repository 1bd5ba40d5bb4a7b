package dev.lentil.weights.onnx;

import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.weights.store.FileBytes;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.GraphNode;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.TensorTable;
import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An ONNX model: its initialisers as tensors, its nodes as a graph. Source: ONNX's onnx.proto, fields by number. */
public final class OnnxReader {
  private static final int IR_VERSION = 0x08;
  private static final int NEWEST_IR = 0x20;
  /** The tags that may follow the version in a {@code ModelProto} whose fields are in order, as every writer has them. */
  private static final List<Integer> SECOND = List.of(0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72);

  private final Path file;
  private final FileBytes files;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<StoredTensor> tensors = new ArrayList<>();
  private final List<GraphNode> nodes = new ArrayList<>();

  private OnnxReader(Path file, FileBytes files) {
    this.file = file;
    this.files = files;
  }

  /** Whether a file begins as an ONNX model does; there is no magic number. */
  public static boolean matches(MemorySegment bytes) {
    return bytes.byteSize() > 3 && at(bytes, 0) == IR_VERSION && at(bytes, 1) < NEWEST_IR
        && SECOND.contains(at(bytes, 2));
  }

  private static int at(MemorySegment bytes, long index) {
    return bytes.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
  }

  /**
   * @param files maps the files beside the model in which it may keep its values
   * @throws WeightFileException if the model is damaged
   */
  public static TensorTable read(Path file, MemorySegment bytes, FileBytes files) {
    var reader = new OnnxReader(file, files);
    reader.model(new Protobuf(file, "the ONNX model", bytes));
    Map<String, StoredTensor> tensors = TensorTable.byName(file, reader.tensors);
    return new TensorTable(FileFormat.ONNX, tensors, reader.metadata, ConstantFolding.of(reader.nodes, tensors));
  }

  private void model(Protobuf message) {
    while (message.next()) {
      switch (message.field()) {
        case 2 -> metadata.put("producer", message.text());
        case 7 -> graph(message.message("the ONNX graph"));
        case 14 -> {
          Map.Entry<String, String> entry = textEntry(message.message("the ONNX metadata"));
          metadata.put(entry.getKey(), entry.getValue());
        }
        default -> {}
      }
    }
  }

  private void graph(Protobuf message) {
    while (message.next()) {
      switch (message.field()) {
        case 1 -> nodes.add(node(message.message("an ONNX node")));
        case 5 -> tensors.add(OnnxTensor.read(file, files, message.message("an ONNX initialiser"), ""));
        case 11 -> input(message.message("an ONNX input"));
        default -> {}
      }
    }
  }

  private GraphNode node(Protobuf message) {
    String type = "";
    String name = "";
    var inputs = new ArrayList<String>();
    var outputs = new ArrayList<String>();
    var attributes = new LinkedHashMap<String, Object>();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> inputs.add(message.text());
        case 2 -> outputs.add(message.text());
        case 3 -> name = message.text();
        case 4 -> type = message.text();
        case 5 -> attribute(message.message("an ONNX attribute"), attributes);
        default -> {}
      }
    }
    return new GraphNode(type, name, inputs, outputs, attributes);
  }

  private void attribute(Protobuf message, Map<String, Object> attributes) {
    String name = "";
    List<Long> wholes = new ArrayList<>();
    Object value = wholes;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> name = message.text();
        case 2 -> value = (double) message.real();
        case 3 -> value = message.whole();
        case 4 -> value = message.text();
        case 5 -> value = OnnxTensor.read(file, files, message.message("an ONNX constant"), "a constant");
        case 8 -> wholes.addAll(message.wholes());
        default -> {}
      }
    }
    attributes.put(name, value instanceof List<?> ? List.copyOf(wholes) : value);
  }

  /** The height and width that the graph's input has, if they are fixed: {@code [n,3,h,w]} or {@code [n,h,w,3]}. */
  private void input(Protobuf message) {
    var extents = new ArrayList<Long>();
    while (message.next()) {
      if (message.field() == 2) {
        Protobuf type = message.message("an ONNX type");
        while (type.next()) {
          if (type.field() == 1) {
            extents.addAll(extents(type.message("an ONNX tensor type")));
          }
        }
      }
    }
    if (extents.size() == 4) {
      int rows = extents.get(1) == 3 ? 2 : 1;
      if (extents.get(rows) > 0 && extents.get(rows + 1) > 0) {
        metadata.putIfAbsent(ModelMetadata.RESOLUTION,
            ModelMetadata.resolutionText(extents.get(rows), extents.get(rows + 1)));
      }
    }
  }

  private static List<Long> extents(Protobuf tensorType) {
    var extents = new ArrayList<Long>();
    while (tensorType.next()) {
      if (tensorType.field() == 2) {
        Protobuf shape = tensorType.message("an ONNX shape");
        while (shape.next() && extents.size() <= StoredTensor.MAX_RANK) {
          long extent = 0;
          Protobuf dimension = shape.message("an ONNX dimension");
          while (dimension.next()) {
            extent = dimension.field() == 1 ? dimension.whole() : extent;
          }
          extents.add(extent);
        }
      }
    }
    return extents;
  }

  /** {@code StringStringEntryProto}. */
  static Map.Entry<String, String> textEntry(Protobuf message) {
    String key = "";
    String value = "";
    while (message.next()) {
      switch (message.field()) {
        case 1 -> key = message.text();
        case 2 -> value = message.text();
        default -> {}
      }
    }
    return Map.entry(key, value);
  }
}
