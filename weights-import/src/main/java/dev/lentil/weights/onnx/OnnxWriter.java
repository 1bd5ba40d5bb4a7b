package dev.lentil.weights.onnx;

import dev.lentil.io.AtomicFile;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Network.Node;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.nn.Window;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.weights.onnx.OnnxGraph.Attribute;
import dev.lentil.weights.store.WeightFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a network as an ONNX model: float32, input {@code [N,3,height,width]} with a free batch size, outputs under
 * their layers' names. ReLU6 is a {@code Clip}, dropout is left out, paddings are explicit and may be uneven.
 * Source of the operators: github.com/onnx/onnx, docs/Operators.md.
 */
public final class OnnxWriter {
  private static final String ZERO = "zero";
  private static final String SIX = "six";

  private final Network network;
  private final Weights weights;
  private final OnnxOptions options;
  private final OnnxGraph graph = new OnnxGraph("network");
  private final Set<String> folded = new HashSet<>();
  /** The ONNX value that holds a layer's output, where it is not named like the layer. */
  private final Map<String, String> values = new HashMap<>();

  private OnnxWriter(Network network, Weights weights, OnnxOptions options) {
    this.network = network;
    this.weights = weights.matching(network);
    this.options = options;
  }

  /**
   * Writes a model; the file appears when it is complete. The model's metadata (input scaling, alpha, ...) stand in the
   * file's {@code metadata_props}, under the keys of {@link ModelMetadata}.
   *
   * @throws WeightFileException if the file cannot be written
   */
  public static void write(Path path, Model model, OnnxOptions options) {
    write(path, model.architecture().network(), model.weights(), options, ModelMetadata.of(model));
  }

  /**
   * Writes any network; see {@link #write(Path, Model, OnnxOptions)}.
   *
   * @throws IllegalArgumentException listing the weights that are missing or of another shape
   * @throws WeightFileException if the file cannot be written
   */
  public static void write(Path path, Network network, Weights weights, OnnxOptions options,
      Map<String, String> metadata) {
    byte[] file = new OnnxWriter(network, weights, options).file(metadata);
    try {
      AtomicFile.write(path, file);
    } catch (IOException e) {
      throw new WeightFileException(e);
    }
  }

  private byte[] file(Map<String, String> metadata) {
    String output = options.output() == OnnxOptions.Output.LOGITS
        ? Planner.logits(network)
        : network.outputNode().name();
    graph.input(network.inputNode().name(), channelsFirst(network.shape(network.inputNode().name())));
    if (network.nodes().stream().anyMatch(node -> node.layer() instanceof Layer.Relu6)) {
      graph.constant(ZERO, Shape.of(), new float[] {0});
      graph.constant(SIX, Shape.of(), new float[] {6});
    }
    for (Node node : network.nodes().subList(0, network.index(output) + 1)) {
      if (!folded.contains(node.name())) {
        add(node);
      }
    }
    // a dropout at the end leaves the output under another layer's name
    graph.output(value(output), channelsFirst(network.shape(output)));
    return graph.file(metadata);
  }

  private void add(Node node) {
    switch (node.layer()) {
      case Layer.Input _ -> {}
      case Layer.Conv2d _, Layer.DepthwiseConv2d _ -> convolution(node);
      case Layer.BatchNorm l -> {
        for (ParameterSpec spec : network.parameters(l.name())) {
          graph.constant(spec.name(), spec.shape(), weights.get(spec.name()).floats());
        }
        add("BatchNormalization", node,
            List.of(l.name() + "/gamma", l.name() + "/beta", l.name() + "/moving_mean", l.name() + "/moving_variance"),
            Map.of("epsilon", new Attribute.Real((float) l.epsilon())));
      }
      case Layer.Relu6 _ -> add("Clip", node, List.of(ZERO, SIX), Map.of());
      case Layer.Add _ -> add("Add", node, List.of(), Map.of());
      case Layer.GlobalAveragePool l -> {
        String pooled = l.name() + "/pooled";
        graph.node("GlobalAveragePool", pooled, List.of(value(node.input())), pooled, Map.of());
        graph.node("Flatten", l.name(), List.of(pooled), l.name(), Map.of("axis", new Attribute.Number(1)));
      }
      case Layer.Dropout l -> values.put(l.name(), value(node.input()));
      case Layer.Dense l -> {
        for (ParameterSpec spec : network.parameters(l.name())) {
          graph.constant(spec.name(), spec.shape(), weights.get(spec.name()).floats());
        }
        add("Gemm", node, List.of(l.name() + "/kernel", l.name() + "/bias"), Map.of());
      }
      case Layer.Sigmoid _ -> add("Sigmoid", node, List.of(), Map.of());
      case Layer.Softmax _ -> add("Softmax", node, List.of(), Map.of("axis", new Attribute.Number(1)));
    }
  }

  /** An operation named like the layer, whose inputs are the layer's and then some constants. */
  private void add(String operator, Node node, List<String> constants, Map<String, Attribute> attributes) {
    var inputs = new ArrayList<>(node.inputs().stream().map(this::value).toList());
    inputs.addAll(constants);
    graph.node(operator, node.name(), inputs, node.name(), attributes);
  }

  private void convolution(Node node) {
    Optional<Node> norm = normToFold(node);
    var converted = ConvolutionWeights.of(network, weights, node.layer(),
        norm.map(next -> (Layer.BatchNorm) next.layer()));
    String kernel = network.parameters(node.name()).getFirst().name();
    var inputs = new ArrayList<>(List.of(value(node.input()), kernel));
    graph.constant(kernel, converted.shape(), converted.kernel());
    converted.bias().ifPresent(bias -> {
      String name = node.name() + "/bias";
      graph.constant(name, Shape.of(bias.length), bias);
      inputs.add(name);
    });
    Window window = network.window(node.name());
    int group = node.layer() instanceof Layer.DepthwiseConv2d ? network.inputShape(node.name()).extent(-1) : 1;
    norm.ifPresent(next -> folded.add(next.name()));
    String output = norm.map(Node::name).orElse(node.name());
    graph.node("Conv", node.name(), inputs, output, Map.of(
        "kernel_shape", new Attribute.Numbers(List.of(window.kernelH(), window.kernelW())),
        "strides", new Attribute.Numbers(List.of(window.stride(), window.stride())),
        "pads", new Attribute.Numbers(pads(window)),
        "group", new Attribute.Number(group)));
  }

  /** Top, left, bottom, right. Below and to the right as much as the last output needs, which may be nothing. */
  private static List<Integer> pads(Window window) {
    int bottom = (window.outH() - 1) * window.stride() + window.kernelH() - window.padTop() - window.inH();
    int right = (window.outW() - 1) * window.stride() + window.kernelW() - window.padLeft() - window.inW();
    return List.of(window.padTop(), window.padLeft(), Math.max(bottom, 0), Math.max(right, 0));
  }

  /** The normalisation behind a convolution, if nothing else reads the convolution. */
  private Optional<Node> normToFold(Node convolution) {
    List<Node> readers =
        network.nodes().stream().filter(node -> node.inputs().contains(convolution.name())).toList();
    boolean folds = options.normalization() == OnnxOptions.Normalization.FOLDED && readers.size() == 1
        && readers.getFirst().layer() instanceof Layer.BatchNorm;
    return folds ? Optional.of(readers.getFirst()) : Optional.empty();
  }

  private String value(String layer) {
    return values.getOrDefault(layer, layer);
  }

  private static List<Integer> channelsFirst(Shape shape) {
    return shape.rank() == 3
        ? List.of(shape.extent(2), shape.extent(0), shape.extent(1))
        : List.of(shape.extent(0));
  }
}
