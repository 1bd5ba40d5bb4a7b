package dev.lentil.weights.store;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a reader found in a file.
 *
 * @param tensors by name, in the file's order
 * @param metadata what else the file says, as text
 * @param graph the operations, in an order in which they can run; empty where the format stores weights alone
 */
public record TensorTable(FileFormat format, Map<String, StoredTensor> tensors, Map<String, String> metadata,
    List<GraphNode> graph) {
  public TensorTable {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    graph = List.copyOf(graph);
  }

  /**
   * A table of a format without a graph.
   *
   * @throws WeightFileException if two tensors have one name
   */
  public static TensorTable of(Path file, FileFormat format, List<StoredTensor> tensors, Map<String, String> metadata) {
    return new TensorTable(format, byName(file, tensors), metadata, List.of());
  }

  /**
   * @throws WeightFileException if two tensors have one name
   */
  public static Map<String, StoredTensor> byName(Path file, List<StoredTensor> tensors) {
    var byName = new LinkedHashMap<String, StoredTensor>();
    for (StoredTensor tensor : tensors) {
      if (byName.putIfAbsent(tensor.name(), tensor) != null) {
        throw new WeightFileException(file, "two tensors are named '" + tensor.name()
            + "'; the file is damaged, get it again");
      }
    }
    return byName;
  }
}
