package dev.lentil.weights.tensorflowjs;

import dev.lentil.safetensors.Dtype;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.weights.store.ByteCursor;
import dev.lentil.weights.store.FileBytes;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.TensorTable;
import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A layers model of TensorFlow.js: {@code model.json} with Keras's configuration and a manifest of the weights, whose
 * values follow each other in binary files beside it, perhaps cut in the middle of a weight. Source: TensorFlow.js's
 * tfjs-core/src/io/types.ts ({@code WeightsManifestEntry}) and io_utils.ts ({@code decodeWeights}).
 */
public final class LayersModel {
  private static final String MANIFEST = "weightsManifest";
  private static final String TOPOLOGY = "modelTopology";

  private LayersModel() {}

  /** Whether a JSON document is one of these. */
  public static boolean matches(Map<?, ?> json) {
    return json.get(MANIFEST) instanceof List<?>;
  }

  /**
   * What the configuration is, for {@code KerasConfig}; empty if the model is not of Keras.
   */
  public static Map<?, ?> topology(Map<?, ?> json) {
    return json.get(TOPOLOGY) instanceof Map<?, ?> topology ? topology : Map.of();
  }

  /**
   * @param json the document in the file
   * @param facts what the configuration says
   * @throws WeightFileException if the manifest or a binary file is damaged, or it is a graph model
   */
  public static TensorTable read(Path file, Map<?, ?> json, Map<String, String> facts, FileBytes files) {
    if ("graph-model".equals(json.get("format"))) {
      throw new WeightFileException(file, "this is a graph model, whose layers are lost; convert the Keras model with "
          + "tensorflowjs_converter --output_format=tfjs_layers_model");
    }
    var tensors = new ArrayList<StoredTensor>();
    if (json.get(MANIFEST) instanceof List<?> groups) {
      var used = new HashSet<String>();
      for (Object group : groups) {
        tensors.addAll(group(file, group, files, used));
      }
    }
    var metadata = new LinkedHashMap<>(facts);
    if (json.get("generatedBy") instanceof String program) {
      metadata.put("producer", program);
    }
    return TensorTable.of(file, FileFormat.TENSORFLOW_JS, tensors, metadata);
  }

  private static List<StoredTensor> group(Path file, Object group, FileBytes files, Set<String> used) {
    if (!(group instanceof Map<?, ?> fields) || !(fields.get("paths") instanceof List<?> paths)
        || !(fields.get("weights") instanceof List<?> weights)) {
      throw new WeightFileException(file, "a group of the " + MANIFEST + " has no paths and weights");
    }
    var parts = new ArrayList<MemorySegment>();
    for (Object path : paths) {
      // Files that are joined are copied: one that is named a thousand times would fill the memory.
      if (!used.add(String.valueOf(path))) {
        throw new WeightFileException(file, "the " + MANIFEST + " names the file '" + path + "' twice");
      }
      parts.add(files.mapBeside(file, String.valueOf(path)));
    }
    var in = new ByteCursor(file, "the binary data of " + paths, FileBytes.joined(parts));
    var tensors = new ArrayList<StoredTensor>();
    for (Object weight : weights) {
      if (!(weight instanceof Map<?, ?> entry) || !(entry.get("name") instanceof String name)) {
        throw new WeightFileException(file, "a weight of the " + MANIFEST + " has no name");
      }
      tensors.add(weight(file, name, entry, in));
    }
    if (in.remaining() > 0) {
      throw in.error(in.remaining() + " bytes belong to no weight");
    }
    return tensors;
  }

  private static StoredTensor weight(Path file, String name, Map<?, ?> entry, ByteCursor in) {
    var shape = new ArrayList<Long>();
    if (entry.get("shape") instanceof List<?> extents) {
      for (Object extent : extents) {
        if (!(extent instanceof Long whole)) {
          throw new WeightFileException(file, "the weight '" + name + "' has the extent " + extent);
        }
        shape.add(whole);
      }
    }
    Map<?, ?> quantization = entry.get("quantization") instanceof Map<?, ?> map ? map : Map.of();
    Dtype stored = dtype(file, name, quantization.isEmpty() ? entry.get("dtype") : quantization.get("dtype"));
    long elements = StoredTensor.elements(file, name, shape);
    if (elements > in.remaining() / stored.bytes()) {
      throw in.error("the weight '" + name + "' of shape " + shape + " needs more bytes than are left");
    }
    MemorySegment bytes = in.slice(elements * stored.bytes());
    if (quantization.isEmpty() || stored.isFloat()) {
      return StoredTensor.of(file, name, stored, shape, bytes, ByteOrder.LITTLE_ENDIAN);
    }
    if (!(quantization.get("scale") instanceof Number scale) || !(quantization.get("min") instanceof Number min)) {
      throw new WeightFileException(file, "the weight '" + name + "' is quantised without scale and min");
    }
    return StoredTensor.lazy(file, name, Dtype.F32, shape,
        () -> dequantised(stored, shape, bytes, scale.doubleValue(), min.doubleValue()));
  }

  private static Tensor dequantised(Dtype stored, List<Long> shape, MemorySegment bytes, double scale, double min) {
    Tensor quanta =
        stored.decode(Shape.of(shape.stream().mapToInt(Math::toIntExact).toArray()), bytes, ByteOrder.LITTLE_ENDIAN);
    var values = new float[quanta.shape().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (quanta.get(i) * scale + min);
    }
    return Tensor.of(quanta.shape(), values);
  }

  private static Dtype dtype(Path file, String name, Object text) {
    return switch (String.valueOf(text)) {
      case "float32" -> Dtype.F32;
      case "float16" -> Dtype.F16;
      case "int32" -> Dtype.I32;
      case "uint8" -> Dtype.U8;
      case "uint16" -> Dtype.U16;
      case "bool" -> Dtype.BOOL;
      default -> throw new WeightFileException(file, "the weight '" + name + "' is of the type " + text
          + ", which is not read; convert the model without it");
    };
  }
}
