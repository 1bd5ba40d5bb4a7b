package dev.lentil.nn;

import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Named parameter values on the host, in network order. The map cannot be changed; the tensors' arrays are shared. */
public final class Weights {
  private final Map<String, Tensor> tensors;

  public Weights(Map<String, Tensor> tensors) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /**
   * @throws IllegalArgumentException if there is no such parameter
   */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no weight named '" + name + "'");
    }
    return tensor;
  }

  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /** These weights, with those of {@code other} in place of the same names, and added where the name is new. */
  public Weights with(Weights other) {
    var merged = new LinkedHashMap<>(tensors);
    merged.putAll(other.tensors);
    return new Weights(merged);
  }

  /**
   * These weights reduced to what a network needs, in its order.
   *
   * @throws IllegalArgumentException listing every parameter that is missing or has another shape
   */
  public Weights matching(Network network) {
    var problems = new ArrayList<String>();
    var matched = new LinkedHashMap<String, Tensor>();
    for (ParameterSpec spec : network.parameters()) {
      Tensor tensor = tensors.get(spec.name());
      if (tensor == null) {
        problems.add(spec.name() + " " + spec.shape() + " is missing");
      } else if (!tensor.shape().equals(spec.shape())) {
        problems.add(spec.name() + " is " + tensor.shape() + ", the network needs " + spec.shape());
      } else {
        matched.put(spec.name(), tensor);
      }
    }
    if (!problems.isEmpty()) {
      List<String> shown = problems.subList(0, Math.min(5, problems.size()));
      String more = problems.size() > shown.size() ? "; and " + (problems.size() - shown.size()) + " more" : "";
      throw new IllegalArgumentException("the weights do not fit the network: " + String.join("; ", shown) + more);
    }
    return new Weights(matched);
  }
}
