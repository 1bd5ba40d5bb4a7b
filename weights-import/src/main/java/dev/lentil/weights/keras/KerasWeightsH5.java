package dev.lentil.weights.keras;

import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.TensorTable;
import dev.lentil.weights.store.WeightFileException;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keras 3's {@code .weights.h5}, which is also in its {@code .keras} archives: each layer is a group whose child {@code
 * vars} holds its weights under the names 0, 1 and so on. Since Keras 3.9 an attribute {@code name} says what the layer
 * is called; before, the group's own name is all there is: the layer's kind and a number ({@code conv2d_7}).
 * Tensors are named as the older format does: {@code Conv1/kernel}. Source: Keras saving_lib.py, {@code _save_state}, and
 * the order in which each layer's {@code build} adds its weights.
 */
final class KerasWeightsH5 {
  private static final String VARIABLES = "vars";
  private static final String OPTIMIZER = "optimizer";
  private static final List<String> NORMALISATION = List.of("gamma", "beta", "moving_mean", "moving_variance");
  private static final int MAX_DEPTH = 32;

  private final HdfTree tree;
  private final List<StoredTensor> tensors = new ArrayList<>();
  /** Addresses of groups, since a damaged file may lead in circles. */
  private final Set<Long> seen = new HashSet<>();

  private KerasWeightsH5(HdfTree tree) {
    this.tree = tree;
  }

  static boolean matches(Group root) {
    return root.getChild("layers") instanceof Group || root.getChild("_layer_checkpoint_dependencies") instanceof Group;
  }

  /**
   * @param facts what the configuration beside the weights says
   */
  static TensorTable read(Path file, HdfTree tree, FileFormat format, Map<String, String> facts) {
    var reader = new KerasWeightsH5(tree);
    reader.walk("", tree.root(), 0);
    if (reader.tensors.isEmpty()) {
      throw new WeightFileException(file, "this HDF5 file of Keras 3 holds no weights");
    }
    return TensorTable.of(file, format, reader.tensors, facts);
  }

  private void walk(String path, Group group, int depth) {
    if (depth > MAX_DEPTH || !seen.add(group.getAddress())) {
      return;
    }
    if (group.getChild(VARIABLES) instanceof Group variables) {
      layer(path, group.getName(), variables);
    }
    for (Node child : group) {
      if (child instanceof Group inner && !child.getName().equals(VARIABLES)) {
        walk(path.isEmpty() ? child.getName() : path + "/" + child.getName(), inner, depth + 1);
      }
    }
  }

  private void layer(String path, String key, Group variables) {
    var datasets = new TreeMap<Integer, Dataset>();
    for (Node node : variables) {
      if (node instanceof Dataset dataset && node.getName().matches("\\d{1,6}")) {
        datasets.put(Integer.parseInt(node.getName()), dataset);
      }
    }
    String layer = path.startsWith(OPTIMIZER) ? path : tree.text(variables, "name").orElse(key);
    List<Integer> ranks = datasets.values().stream().map(dataset -> dataset.getDimensions().length).toList();
    datasets.forEach((index, dataset) -> tensors
        .add(tree.tensor(layer + "/" + variable(layer, key, ranks, index), dataset)));
  }

  /** What the weight is called, which the number does not say but the layer's weights together do. */
  private static String variable(String layer, String key, List<Integer> ranks, int index) {
    if (layer.startsWith(OPTIMIZER)) {
      return VARIABLES + "/" + index;
    }
    if (ranks.equals(List.of(1, 1, 1, 1))) {
      return NORMALISATION.get(index % NORMALISATION.size());
    }
    boolean kernelFirst = !ranks.isEmpty() && ranks.getFirst() > 1;
    if (kernelFirst && index == 0) {
      return key.startsWith("depthwise_conv2d") || layer.endsWith("_depthwise") ? "depthwise_kernel" : "kernel";
    }
    return kernelFirst && index == 1 ? "bias" : VARIABLES + "/" + index;
  }
}
