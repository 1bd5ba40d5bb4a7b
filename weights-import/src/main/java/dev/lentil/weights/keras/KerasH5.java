package dev.lentil.weights.keras;

import dev.lentil.weights.store.FileBytes;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.TensorTable;
import dev.lentil.weights.store.WeightFileException;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keras's older HDF5 format: weights alone ({@code save_weights("x.h5")} of Keras 2) or a whole model ({@code
 * save("x.h5")} of Keras 2 and 3, whose weights are in the group {@code model_weights}). An attribute {@code
 * layer_names} lists the groups, in each {@code weight_names} lists the weights. A nested model is one group that holds
 * all its weights. Source: Keras legacy_h5_format.py.
 */
public final class KerasH5 {
  private static final byte[] MAGIC = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final String LAYERS = "layer_names";
  private static final String WEIGHTS = "weight_names";
  private static final String CONFIG = "model_config";
  private static final String OPTIMIZER = "optimizer_weights";

  private KerasH5() {}

  /** Whether a file begins as HDF5 does. */
  public static boolean matches(MemorySegment bytes) {
    return FileBytes.beginWith(bytes, MAGIC);
  }

  /**
   * Reads a HDF5 file of Keras, the older format or Keras 3's.
   *
   * @throws WeightFileException if it is damaged or not of Keras
   */
  public static TensorTable read(Path file, MemorySegment bytes) {
    HdfTree tree = HdfTree.of(file, bytes);
    return tree.guarded(() -> {
      if (KerasWeightsH5.matches(tree.root())) {
        return KerasWeightsH5.read(file, tree, FileFormat.KERAS_WEIGHTS_H5, Map.of());
      }
      return read(file, tree);
    });
  }

  private static TensorTable read(Path file, HdfTree tree) {
    Group root = tree.root().getChild("model_weights") instanceof Group group ? group : tree.root();
    List<String> layers = tree.longStrings(root, LAYERS);
    if (layers.isEmpty()) {
      throw new WeightFileException(file, "this HDF5 file has no attribute " + LAYERS
          + ", so it is not a Keras model; save the whole model with model.save(\"name.keras\")");
    }
    var tensors = new ArrayList<StoredTensor>();
    for (String layer : layers) {
      if (!(root.getChild(layer) instanceof Group group)) {
        throw new WeightFileException(file, "the layer '" + layer + "' is listed but missing; save the model again");
      }
      tensors.addAll(listed(file, tree, group, ""));
    }
    if (tree.root().getChild(OPTIMIZER) instanceof Group optimizer) {
      tensors.addAll(listed(file, tree, optimizer, OPTIMIZER + "/"));
    }
    Optional<String> config = tree.text(tree.root(), CONFIG);
    var facts = new LinkedHashMap<>(config.map(json -> KerasConfig.facts(file, json)).orElse(Map.of()));
    tree.text(tree.root(), "keras_version").ifPresent(version -> facts.put("producer", "Keras " + version));
    return TensorTable.of(file, FileFormat.KERAS_LEGACY_H5, tensors, facts);
  }

  private static List<StoredTensor> listed(Path file, HdfTree tree, Group group, String prefix) {
    var tensors = new ArrayList<StoredTensor>();
    for (String name : tree.longStrings(group, WEIGHTS)) {
      if (!(HdfTree.find(group, name).orElse(group) instanceof Dataset dataset)) {
        throw new WeightFileException(file, "the weight '" + name + "' is listed but missing; save the model again");
      }
      tensors.add(tree.tensor(prefix + name, dataset));
    }
    return tensors;
  }
}
