package dev.lentil.weights;

import dev.lentil.mobilenetv2.ModelFileException;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keras's older HDF5 format: weights alone ({@code save_weights("x.h5")} of Keras 2) or a whole model ({@code
 * save("x.h5")} of Keras 2 and 3, whose weights are in the group {@code model_weights}). An attribute {@code
 * layer_names} lists the groups, in each {@code weight_names} lists the weights. A nested model is one group that holds
 * all its weights. Source: Keras legacy_h5_format.py.
 *
 * @param weights under Lentil's names: the layer's own name and the variable's, {@code Conv1/kernel}
 * @param facts what the stored configuration says, as metadata ({@link KerasConfig}); empty for weights alone
 */
record KerasH5(Weights weights, Map<String, String> facts) {
  private static final String LAYERS = "layer_names";
  private static final String WEIGHTS = "weight_names";
  private static final String CONFIG = "model_config";

  static KerasH5 read(Path path) {
    HdfLength.requireWhole(path);
    try (HdfFile file = new HdfFile(path)) {
      Group root = file.getChild("model_weights") instanceof Group group ? group : file;
      if (names(root, LAYERS).isEmpty()) {
        throw new ModelFileException(path + ": this HDF5 file has no attribute " + LAYERS
            + (file.getChild("layers") == null
                ? ", so it is not a Keras model"
                : "; it is the .weights.h5 of Keras 3, which is not read")
            + "; save the whole model with model.save(\"name.h5\")");
      }
      var tensors = new LinkedHashMap<String, Tensor>();
      for (String layer : names(root, LAYERS)) {
        if (!(root.getChild(layer) instanceof Group group)) {
          throw new ModelFileException(
              path + ": the layer '" + layer + "' is listed but missing; save the model again");
        }
        for (String name : names(group, WEIGHTS)) {
          Tensor tensor = tensor(path, group, name);
          if (tensors.putIfAbsent(canonical(name), tensor) != null) {
            throw new ModelFileException(path + ": two weights are named " + canonical(name)
                + "; a file with two networks of one name cannot be told apart");
          }
        }
      }
      Map<String, String> facts = text(file, CONFIG).map(json -> KerasConfig.facts(path, json)).orElse(Map.of());
      return new KerasH5(new Weights(tensors), facts);
    } catch (ModelFileException e) {
      throw e;
    } catch (RuntimeException e) {
      // jHDF meets a damaged file with nearly any unchecked exception: HdfException, ArithmeticException,
      // BufferUnderflowException ...
      throw new ModelFileException(path + ": this HDF5 file is damaged (" + e.getMessage()
          + "); get it again", e);
    }
  }

  /** A list of names; Keras cuts a long one into the attributes name0, name1 and so on. */
  private static List<String> names(Group group, String attribute) {
    var names = new ArrayList<>(strings(group.getAttribute(attribute)));
    for (int i = 0; group.getAttribute(attribute + i) != null; i++) {
      names.addAll(strings(group.getAttribute(attribute + i)));
    }
    return names;
  }

  /** The texts of an attribute; none if there is none, or an empty array, which Keras stores with a type of its own. */
  private static List<String> strings(Attribute attribute) {
    return attribute != null && attribute.getData() instanceof Object[] values
        ? Arrays.stream(values).map(String::valueOf).toList()
        : List.of();
  }

  private static Optional<String> text(Group group, String attribute) {
    Attribute found = group.getAttribute(attribute);
    return found != null && found.getData() instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static Tensor tensor(Path path, Group group, String name) {
    Node node = group;
    for (String part : name.split("/")) {
      node = node instanceof Group parent ? parent.getChild(part) : null;
    }
    if (!(node instanceof Dataset dataset)) {
      throw new ModelFileException(path + ": the weight '" + name + "' is listed but missing; save the model again");
    }
    return switch (dataset.getDataFlat()) {
      case float[] values -> Tensor.of(Shape.of(dataset.getDimensions()), values);
      case double[] values -> Tensor.of(Shape.of(dataset.getDimensions()), values);
      // jHDF gives a scalar as a boxed number
      case Float value -> Tensor.of(Shape.of(), value);
      default -> throw new ModelFileException(path + ": the weight '" + name + "' is not of floating-point numbers");
    };
  }

  /**
   * Lentil's name of a weight. Keras writes {@code Conv1/kernel:0}, a nested model's name before it perhaps; Keras 3
   * calls the depthwise kernel {@code kernel} too.
   */
  static String canonical(String name) {
    String[] parts = name.split("/");
    String variable = parts[parts.length - 1].replaceFirst(":\\d+$", "");
    String layer = parts.length > 1 ? parts[parts.length - 2] : "";
    boolean depthwise = layer.endsWith("_depthwise") && variable.equals("kernel");
    return layer + "/" + (depthwise ? "depthwise_kernel" : variable);
  }
}
