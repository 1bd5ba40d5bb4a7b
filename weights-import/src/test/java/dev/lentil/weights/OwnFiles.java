package dev.lentil.weights;

import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.Weights;
import dev.lentil.safetensors.SafetensorsWriter;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A small MobileNetV2 in the formats that no other program's sample is at hand of, written from their descriptions. */
final class OwnFiles {
  private static final Weights WEIGHTS =
      new RandomTensors(11).weights(MobileNetV2.keras(0.1, 32, 32, new Head.Classifier(3)).network());

  private OwnFiles() {}

  /** The files that a user would name. */
  static List<Path> write(Path folder) throws IOException {
    var paths = new ArrayList<Path>();
    paths.add(npz(folder.resolve("deflated.npz")));
    paths.add(tensorflowJs(Files.createDirectory(folder.resolve("tfjs"))));
    paths.add(shards(Files.createDirectory(folder.resolve("shards"))));
    return paths;
  }

  private static byte[] values(Tensor tensor) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * tensor.shape().size()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(tensor.floats());
    return bytes.array();
  }

  private static Path npz(Path path) throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(path))) {
      for (var entry : WEIGHTS.tensors().entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
        String shape = Arrays.stream(entry.getValue().shape().toArray()).mapToObj(e -> e + ",")
            .collect(Collectors.joining(" "));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }\n";
        zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        zip.write(header.getBytes(StandardCharsets.US_ASCII));
        zip.write(values(entry.getValue()));
        zip.closeEntry();
      }
    }
    return path;
  }

  private static Path tensorflowJs(Path folder) throws IOException {
    return tensorflowJs(folder,
        Map.of("class_name", "InputLayer", "config", Map.of("batch_input_shape", List.of(1, 32, 32, 3))));
  }

  /** A TensorFlow.js model of three classes with a configuration. */
  static Path tensorflowJs(Path folder, Object topology) throws IOException {
    var manifest = new ArrayList<Map<String, Object>>();
    var bytes = new ByteArrayOutputStream();
    WEIGHTS.tensors().forEach((name, tensor) -> {
      manifest.add(Map.of("name", name, "shape", tensor.shape().toArray(), "dtype", "float32"));
      bytes.writeBytes(values(tensor));
    });
    Files.write(folder.resolve("group1-shard1of1.bin"), bytes.toByteArray());
    return Files.writeString(folder.resolve("model.json"), Json.compact(Map.of("modelTopology", topology,
        "weightsManifest", List.of(Map.of("paths", List.of("group1-shard1of1.bin"), "weights", manifest)))));
  }

  private static Path shards(Path folder) throws IOException {
    var places = new LinkedHashMap<String, String>();
    var parts = List.of(new LinkedHashMap<String, Tensor>(), new LinkedHashMap<String, Tensor>());
    WEIGHTS.tensors().forEach((name, tensor) -> {
      int part = places.size() % 2;
      parts.get(part).put(name, tensor);
      places.put(name, "model-" + part + ".safetensors");
    });
    for (int part = 0; part < 2; part++) {
      SafetensorsWriter.write(folder.resolve("model-" + part + ".safetensors"), parts.get(part), Map.of());
    }
    return Files.writeString(folder.resolve("model.safetensors.index.json"),
        Json.compact(Map.of("weight_map", places)));
  }
}
