package dev.lentil.weights.scheme;

import dev.lentil.weights.store.GraphNode;
import dev.lentil.weights.store.StoredTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who makes and who reads each value of a graph. */
final class GraphIndex {
  private final List<GraphNode> nodes;
  private final Map<String, StoredTensor> constants;
  private final Map<String, GraphNode> makers = new HashMap<>();
  private final Map<String, List<GraphNode>> readers = new HashMap<>();

  GraphIndex(List<GraphNode> nodes, Map<String, StoredTensor> initialisers) {
    this.nodes = nodes;
    this.constants = new HashMap<>(initialisers);
    for (GraphNode node : nodes) {
      if (node.type().equals("Constant") && node.attributes().get("value") instanceof StoredTensor tensor) {
        constants.put(node.output(), tensor);
      } else if (node.type().equals("Identity") && constants.containsKey(node.input(0))) {
        constants.put(node.output(), constants.get(node.input(0)));
      }
      node.outputs().forEach(output -> makers.put(output, node));
      node.inputs().forEach(input -> readers.computeIfAbsent(input, _ -> new ArrayList<>()).add(node));
    }
  }

  /** The operations of a type, in the order of the graph. */
  List<GraphNode> all(String type) {
    return nodes.stream().filter(node -> node.type().equals(type)).toList();
  }

  /** The tensor under a name; empty if it is calculated. */
  Optional<StoredTensor> constant(String name) {
    return Optional.ofNullable(constants.get(name));
  }

  /** The operation that makes a value; empty for an input of the graph. */
  Optional<GraphNode> maker(String value) {
    return Optional.ofNullable(makers.get(value));
  }

  /** What to say of a weight that should be a constant. */
  String notStored(String name) {
    boolean quantised = maker(name).filter(maker -> maker.type().equals("DequantizeLinear")).isPresent();
    return "calculated, not stored; "
        + (quantised
            ? "give the model as it was before its weights were quantised"
            : "simplify the model (onnxsim) first");
  }

  /** How many operations there are. */
  int size() {
    return nodes.size();
  }

  /** The operations that read a value. */
  List<GraphNode> readers(String value) {
    return List.copyOf(readers.getOrDefault(value, List.of()));
  }

  /** The first operation of a type that reads what another makes. */
  Optional<GraphNode> reader(GraphNode node, String type) {
    return readers.getOrDefault(node.output(), List.of()).stream().filter(reader -> reader.type().equals(type))
        .findFirst();
  }

  /** The types of the operations that read what another makes. */
  List<String> readerTypes(GraphNode node) {
    return readers.getOrDefault(node.output(), List.of()).stream().map(GraphNode::type).toList();
  }
}
