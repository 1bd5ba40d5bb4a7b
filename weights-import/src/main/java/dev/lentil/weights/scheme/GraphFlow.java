package dev.lentil.weights.scheme;

import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.weights.store.GraphNode;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.WeightFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What stands between the layers of an ONNX graph whose weights are recognised: each layer must read what the one before
 * it gives, and nothing else may act on it. Source: ONNX's Operators.md; what exporters write there was seen in graphs
 * of PyTorch, tf2onnx and Lentil.
 */
final class GraphFlow {
  /** Operations that leave the values as they are. */
  private static final Set<String> SAME = Set.of("Identity", "Dropout", "Cast", "Transpose");
  private static final Set<String> RESHAPING = Set.of("Flatten", "Reshape", "Squeeze", "Unsqueeze");
  private static final Set<String> ARITHMETIC = Set.of("Add", "Sub", "Mul", "Div");
  private static final Set<String> AVERAGES = Set.of("GlobalAveragePool", "ReduceMean", "AveragePool");
  /** Operations that choose among the answers, or look at no values. */
  private static final Set<String> CHOOSING = Set.of("ArgMax", "TopK", "Shape");
  private static final Set<String> OF_SEVERAL = Set.of("Softmax", "LogSoftmax");

  private final Path file;
  private final GraphIndex graph;
  /** What the features' last layer so far gives. */
  private String value = "";
  /** What the block reads that the last layer is in. */
  private String blockInput = "";
  private long blockChannels;
  private long blockStride;
  /** Whether the next layer reads the sum of {@link #blockInput} and {@link #value}. */
  private boolean sum;

  GraphFlow(Path file, GraphIndex graph) {
    this.file = file;
    this.graph = graph;
  }

  /**
   * Goes on by a convolution of the features.
   *
   * @param end the last operation of its unit: ReLU6, batch normalisation, or itself
   * @throws WeightFileException if it does not read what the layer before gives
   */
  void unit(ConvolutionUnit unit, GraphConvolution convolution, GraphNode end) {
    List<Long> kernel = convolution.kernel().shape();
    String input = convolution.node().input(0);
    // How much is padded was looked at with the convolution.
    String unpadded = graph.maker(input).filter(maker -> maker.type().equals("Pad")).map(pad -> pad.input(0))
        .orElse(input);
    String from = source(unpadded, false);
    if (unit.part() != ConvolutionUnit.Part.STEM) {
      requireLast(from, convolution.node());
    }
    boolean first = unit.part() == ConvolutionUnit.Part.EXPAND || unit.block() == 0 && unit.depthwise();
    if (first) {
      blockInput = from;
      blockChannels = kernel.get(unit.depthwise() ? 0 : 1);
    }
    blockStride = unit.depthwise() ? unit.stride() : blockStride;
    value = end.output();
    sum = unit.part() == ConvolutionUnit.Part.PROJECT && blockStride == 1 && kernel.getFirst() == blockChannels;
  }

  private void requireLast(String from, GraphNode reader) {
    if (!sum) {
      if (!from.equals(value)) {
        throw another(from, "nothing between '" + value + "' and '" + reader.output() + "'");
      }
      return;
    }
    Set<String> parts = graph.maker(from).filter(maker -> maker.type().equals("Add")).stream()
        .flatMap(add -> add.inputs().stream()).map(input -> source(input, false)).collect(Collectors.toSet());
    if (!parts.equals(Set.of(value, blockInput))) {
      throw another(from, "the sum (Add) of '" + blockInput + "' and '" + value + "'");
    }
  }

  /**
   * How the graph scales its input; empty if it takes it as it is.
   *
   * @param stem the first convolution
   * @throws WeightFileException if it does so in a way that is not known, or changes its input otherwise
   */
  Optional<InputScaling> scaling(GraphNode stem) {
    var steps = new ArrayList<GraphNode>();
    String input = graph.maker(stem.input(0)).filter(maker -> maker.type().equals("Pad")).map(pad -> pad.input(0))
        .orElse(stem.input(0));
    String from = source(input, true);
    for (Optional<GraphNode> maker = graph.maker(from); maker.isPresent(); maker = graph.maker(from)) {
      GraphNode node = maker.get();
      if (!ARITHMETIC.contains(node.type()) || steps.size() > graph.size()) {
        throw another(from, "the input before its first convolution");
      }
      steps.addFirst(node);
      from = source(node.input(constant(node, 0).isPresent() ? 1 : 0), true);
    }
    var arithmetic = new InputArithmetic();
    steps.forEach(step -> calculate(step, arithmetic));
    if (arithmetic.nothing()) {
      return Optional.empty();
    }
    return Optional.of(arithmetic.known()
        .orElseThrow(() -> new WeightFileException(file, "the graph scales its input by "
            + arithmetic + " before the first convolution ('" + label(steps.getLast()) + "'), which is none of "
            + Arrays.stream(InputScaling.values()).map(InputScaling::text).collect(Collectors.joining(", "))
            + "; export the model without it, and scale images likewise")));
  }

  private void calculate(GraphNode step, InputArithmetic arithmetic) {
    boolean first = constant(step, 0).isPresent();
    double[] operand = constant(step, first ? 0 : 1).orElse(new double[0]);
    if (!InputArithmetic.fits(operand) || first && step.type().equals("Div")) {
      throw new WeightFileException(file, "the graph calculates with its input before the first convolution, by '"
          + label(step) + "' (" + step.type() + "), in a way that is not known; export the model without it");
    }
    switch (step.type()) {
      case "Add" -> arithmetic.add(operand);
      case "Sub" -> {
        arithmetic.multiply(new double[] {first ? -1 : 1});
        arithmetic.add(first ? operand : Arrays.stream(operand).map(v -> -v).toArray());
      }
      case "Mul" -> arithmetic.multiply(operand);
      default -> arithmetic.multiply(Arrays.stream(operand).map(v -> 1 / v).toArray());
    }
  }

  /** An operand that does not depend on the input; of no numbers if it has too many. */
  private Optional<double[]> constant(GraphNode node, int index) {
    Optional<double[]> stored = graph.constant(node.input(index)).map(GraphFlow::few);
    return stored.or(() -> graph.maker(node.input(index)).filter(maker -> maker.type().equals("Constant"))
        .map(maker -> new double[] {maker.number("value_float", maker.number("value_int", Double.NaN))}));
  }

  private static double[] few(StoredTensor tensor) {
    return tensor.elements() == 1 || tensor.elements() == 3 ? tensor.read().doubles() : new double[0];
  }

  /**
   * @param dense the dense layer behind the features
   * @throws WeightFileException if it does not read the features' averages
   */
  void requireAverages(GraphNode dense) {
    String from = source(dense.input(0), true);
    String before =
        "the averages of '" + value + "' (GlobalAveragePool) before its dense layer '" + dense.output() + "'";
    int averages = 0;
    for (Optional<GraphNode> maker = graph.maker(from); maker.isPresent() && AVERAGES.contains(maker.get().type())
        && averages <= graph.size(); maker = graph.maker(from)) {
      // One axis after the other, as early versions of torchvision did it, takes two.
      from = source(maker.get().input(0), true);
      averages++;
    }
    if (averages == 0 || !from.equals(value)) {
      throw another(from, before);
    }
  }

  /**
   * @param end the dense layer, or the sum with its bias
   * @param outputs of the dense layer
   * @throws WeightFileException if something else than a softmax, or a sigmoid of one output, acts on its outputs
   */
  void requireAnswers(GraphNode end, int outputs) {
    var values = new ArrayDeque<>(List.of(end.output()));
    var seen = new HashSet<String>(values);
    boolean activated = false;
    while (!values.isEmpty()) {
      for (GraphNode reader : graph.readers(values.remove())) {
        boolean activates = outputs == 1 ? reader.type().equals("Sigmoid") : OF_SEVERAL.contains(reader.type());
        if (activates ? activated : !passes(reader, true) && !CHOOSING.contains(reader.type())) {
          throw another(reader.output(),
              "nothing but a " + (outputs == 1 ? "sigmoid" : "softmax") + " behind its dense "
                  + "layer of " + outputs + " outputs");
        }
        activated |= activates;
        if (!CHOOSING.contains(reader.type()) && seen.add(reader.output())) {
          values.add(reader.output());
        }
      }
    }
  }

  private static boolean passes(GraphNode node, boolean reshaped) {
    return SAME.contains(node.type()) || reshaped && RESHAPING.contains(node.type());
  }

  /** The value behind operations that leave it as it is. */
  private String source(String name, boolean reshaped) {
    String from = name;
    // A damaged graph may read its own outputs.
    for (int i = 0; i <= graph.size(); i++) {
      Optional<GraphNode> maker = graph.maker(from).filter(node -> passes(node, reshaped));
      if (maker.isEmpty()) {
        break;
      }
      from = maker.get().input(0);
    }
    return from;
  }

  private WeightFileException another(String found, String expected) {
    String what = graph.maker(found).map(node -> "'" + label(node) + "' is a " + node.type())
        .orElse("'" + found + "' is an input of the graph");
    return new WeightFileException(file, "this is another architecture: " + what + ", where a MobileNetV2 has "
        + expected);
  }

  private static String label(GraphNode node) {
    return node.name().isEmpty() ? node.output() : node.name();
  }
}
