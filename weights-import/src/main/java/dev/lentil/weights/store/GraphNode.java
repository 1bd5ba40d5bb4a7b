package dev.lentil.weights.store;

import java.util.List;
import java.util.Map;

/**
 * One operation of a file that stores a graph.
 *
 * @param type the operation, in ONNX's words: {@code Conv}
 * @param inputs names of tensors or of other nodes' outputs; an input that is left out is empty text
 * @param attributes a number ({@link Long} or {@link Double}), text, or a list of whole numbers, by name
 */
public record GraphNode(String type, String name, List<String> inputs, List<String> outputs,
    Map<String, Object> attributes) {
  public GraphNode {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Map.copyOf(attributes);
  }

  /** The name of an input; empty text if it is left out. */
  public String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  /** The first output's name; empty text without one. */
  public String output() {
    return outputs.isEmpty() ? "" : outputs.getFirst();
  }

  /** A whole number, or {@code absent}. */
  public long whole(String attribute, long absent) {
    return attributes.get(attribute) instanceof Long value ? value : absent;
  }

  /** A number, or {@code absent}. */
  public double number(String attribute, double absent) {
    return attributes.get(attribute) instanceof Number value ? value.doubleValue() : absent;
  }

  /** Text, or {@code absent}. */
  public String text(String attribute, String absent) {
    return attributes.get(attribute) instanceof String value ? value : absent;
  }

  /** A list of whole numbers; empty if there is none. */
  public List<Long> wholes(String attribute) {
    return attributes.get(attribute) instanceof List<?> values
        ? values.stream().filter(Long.class::isInstance).map(Long.class::cast).toList()
        : List.of();
  }
}
