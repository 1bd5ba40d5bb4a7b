package dev.lentil.weights.scheme;

import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.weights.scheme.GraphConvolution.Padded;
import dev.lentil.weights.scheme.SourceTensor.Fate;
import dev.lentil.weights.scheme.SourceTensor.Ignored;
import dev.lentil.weights.scheme.SourceTensor.Mapped;
import dev.lentil.weights.store.GraphNode;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.WeightFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Recognises a MobileNetV2 by an ONNX graph: its convolutions in order, each with the batch normalisation that reads it,
 * or with a bias where that was folded away. Names do not matter, since exporters make them up.
 */
public final class GraphRecogniser {
  private static final double DEFAULT_EPSILON = 1e-5;
  private static final Pattern RESOLUTION = Pattern.compile("[0-9]{1,9}(x[0-9]{1,9})?");

  /** Operations that ONNX Runtime makes of others for one processor, where it is told to save its optimised model. */
  private static final List<String> ONNX_RUNTIME = List.of("FusedConv", "ReorderInput", "ReorderOutput");

  private final Path file;
  private final GraphIndex graph;
  private final GraphFlow flow;
  private final Map<String, StoredTensor> tensors;
  private final Map<String, Tensor> weights = new LinkedHashMap<>();
  private final Map<String, Fate> fates = new LinkedHashMap<>();
  private final Map<String, String> facts = new LinkedHashMap<>();

  private GraphRecogniser(Path file, Map<String, StoredTensor> tensors, List<GraphNode> nodes) {
    this.file = file;
    this.tensors = tensors;
    this.graph = new GraphIndex(nodes, tensors);
    this.flow = new GraphFlow(file, graph);
  }

  /**
   * @param metadata of the file: the resolution, and the program that wrote it, by which is guessed what the graph does
   *     not show
   * @throws WeightFileException if the graph is not a MobileNetV2's
   */
  public static Recognised recognise(Path file, Map<String, StoredTensor> tensors, List<GraphNode> nodes,
      Map<String, String> metadata) {
    var recogniser = new GraphRecogniser(file, tensors, nodes);
    return recogniser.recognise(metadata);
  }

  private Recognised recognise(Map<String, String> metadata) {
    List<ConvolutionUnit> units = ConvolutionUnit.all();
    for (String own : ONNX_RUNTIME) {
      if (!graph.all(own).isEmpty()) {
        throw new WeightFileException(file,
            "the graph is one that ONNX Runtime optimised for a processor (it has " + own
                + "); give the model as it was before, or one saved at the level basic");
      }
    }
    List<GraphNode> nodes = graph.all("Conv");
    if (nodes.size() < units.size()) {
      throw new WeightFileException(file, "the graph has " + nodes.size() + " convolutions, a MobileNetV2 has "
          + units.size() + "; this is another architecture, or its weights are quantised");
    }
    var convolutions = new ArrayList<GraphConvolution>();
    for (int i = 0; i < units.size(); i++) {
      convolutions.add(GraphConvolution.of(file, graph, nodes.get(i), units.get(i)));
    }
    padding(convolutions, metadata.getOrDefault(ModelMetadata.RESOLUTION, ""))
        .ifPresent(padding -> facts.put(ModelMetadata.PADDING, padding));
    List<Optional<GraphNode>> norms =
        convolutions.stream().map(c -> graph.reader(c.node(), "BatchNormalization")).toList();
    double epsilon = epsilon(norms);
    flow.scaling(nodes.getFirst()).ifPresent(scaling -> facts.put(ModelMetadata.INPUT_SCALING, scaling.text()));
    for (int i = 0; i < units.size(); i++) {
      unit(units.get(i), convolutions.get(i), norms.get(i), epsilon);
    }
    head(convolutions.getLast().kernel().shape().getFirst(), nodes.subList(units.size(), nodes.size()));
    facts.put(ModelMetadata.BN_EPSILON, Double.toString(epsilon));
    NamingScheme usual =
        metadata.getOrDefault("producer", "").equals("pytorch") ? NamingScheme.TORCHVISION : NamingScheme.KERAS;
    var conventions = new LinkedHashMap<>(usual.conventions());
    conventions.keySet().removeAll(facts.keySet());
    var sources = new ArrayList<SourceTensor>();
    tensors.forEach((name, tensor) -> sources.add(SourceTensor.of(tensor,
        fates.getOrDefault(name, new Ignored("a constant that no layer of the network keeps")))));
    return new Recognised(NamingScheme.ONNX_GRAPH, "", new Weights(weights), facts, conventions, sources);
  }

  /** How the graph pads; empty if both ways are the same at its resolution. */
  private Optional<String> padding(List<GraphConvolution> convolutions, String resolution) {
    List<ConvolutionUnit> units = ConvolutionUnit.all();
    // Rows and columns that a convolution reads; 0 where they are free.
    String[] extents = RESOLUTION.matcher(resolution).matches() ? resolution.split("x") : new String[] {"0"};
    long[] reads = {Long.parseLong(extents[0]), Long.parseLong(extents[extents.length - 1])};
    var found = EnumSet.noneOf(Padded.class);
    for (int i = 0; i < units.size(); i++) {
      GraphConvolution convolution = convolutions.get(i);
      boolean spatial = units.get(i).part() == ConvolutionUnit.Part.STEM || units.get(i).depthwise();
      boolean known = spatial ? convolution.same() || convolution.padsOnBothSides() : convolution.doesNotPad();
      if (units.get(i).stride() == 2) {
        var both = EnumSet.of(convolution.padded(0, reads[0]), convolution.padded(1, reads[1]));
        found.addAll(both);
        known = !both.contains(Padded.NEITHER) && !found.containsAll(List.of(Padded.KERAS, Padded.SYMMETRIC));
        Arrays.setAll(reads, axis -> (reads[axis] + 1) / 2);
      }
      if (!known) {
        throw new WeightFileException(file, "the convolution '" + convolution.node().output() + "' pads by "
            + convolution.pads() + " (above, left, below, right), as neither Keras nor torchvision does");
      }
    }
    if (found.contains(Padded.KERAS)) {
      return Optional.of("keras");
    }
    return found.contains(Padded.SYMMETRIC) || reads[0] == 0 ? Optional.of("symmetric") : Optional.empty();
  }

  private double epsilon(List<Optional<GraphNode>> norms) {
    List<Double> all = norms.stream().flatMap(Optional::stream).map(node -> node.number("epsilon", DEFAULT_EPSILON))
        .distinct().toList();
    if (all.size() > 1) {
      throw new WeightFileException(file, "batch normalisation has different epsilons, " + all
          + "; a MobileNetV2 has one");
    }
    // The attribute is a float32: what was meant is its shortest decimal.
    return all.isEmpty()
        ? MobileNetV2.KERAS_BN_EPSILON
        : Double.parseDouble(Float.toString(all.getFirst().floatValue()));
  }

  private void unit(ConvolutionUnit unit, GraphConvolution convolution, Optional<GraphNode> norm, double epsilon) {
    map(convolution.kernel(), unit.kernel(), unit.depthwise() ? Layout.DEPTHWISE_OIHW : Layout.OIHW);
    int channels = Math.toIntExact(convolution.kernel().shape().getFirst());
    Optional<StoredTensor> bias = bias(convolution.node());
    if (norm.isPresent()) {
      if (bias.isPresent()) {
        throw new WeightFileException(file, "the convolution '" + convolution.node().output()
            + "' has a bias before its batch normalisation; a MobileNetV2 has none there");
      }
      for (int i = 0; i < NamingScheme.NORM.size(); i++) {
        String input = norm.get().input(i + 1);
        StoredTensor variable = graph.constant(input).orElseThrow(() -> new WeightFileException(file,
            "the batch normalisation of '" + convolution.node().output() + "' does not store its '" + input + "'"));
        map(variable, unit.norm() + NamingScheme.NORM.get(i), Layout.SAME);
      }
    } else {
      folded(unit, bias, channels, epsilon);
    }
    GraphNode end = norm.orElse(convolution.node());
    flow.unit(unit, convolution, unit.part() == ConvolutionUnit.Part.PROJECT ? end : relu6(end));
  }

  private Optional<StoredTensor> bias(GraphNode node) {
    Optional<StoredTensor> bias = graph.constant(node.input(2));
    if (bias.isEmpty() && !node.input(2).isEmpty()) {
      throw new WeightFileException(file, "the bias of '" + node.output() + "' is " + graph.notStored(node.input(2)));
    }
    return bias;
  }

  /** A batch normalisation that only adds the bias: with variance 1-epsilon it divides by exactly 1. */
  private void folded(ConvolutionUnit unit, Optional<StoredTensor> bias, int channels, double epsilon) {
    weights.put(unit.norm() + "/gamma", constant(channels, 1));
    bias.ifPresentOrElse(tensor -> map(tensor, unit.norm() + "/beta", Layout.SAME),
        () -> weights.put(unit.norm() + "/beta", constant(channels, 0)));
    weights.put(unit.norm() + "/moving_mean", constant(channels, 0));
    weights.put(unit.norm() + "/moving_variance", constant(channels, (float) (1 - epsilon)));
    facts.put("batch_normalization", "folded into the convolutions by the program that wrote the file");
  }

  private static Tensor constant(int size, float value) {
    var values = new float[size];
    Arrays.fill(values, value);
    return Tensor.of(Shape.of(size), values);
  }

  /** The ReLU6 that must follow. */
  private GraphNode relu6(GraphNode before) {
    GraphNode rectified = graph.reader(before, "Relu").orElse(before);
    Optional<GraphNode> clip = graph.reader(rectified, "Clip");
    boolean fromZero = clip.isPresent() && (clip.get().number("min", 1) == 0 || rectified != before);
    if (!fromZero || clip.get().number("max", 0) != 6) {
      throw new WeightFileException(file, "after '" + before.output() + "' comes " + graph.readerTypes(before)
          + (clip.isPresent()
              ? " from " + clip.get().attributes().get("min") + " to "
                  + clip.get().attributes().get("max")
              : "")
          + ", where a MobileNetV2 has a ReLU6 (Clip from 0 to 6); this is another architecture");
    }
    return clip.get();
  }

  /** The dense layer that reads the features, if it is the only one: Gemm, MatMul and Add, or a 1x1 convolution. */
  private void head(long features, List<GraphNode> otherConvolutions) {
    var dense = new ArrayList<GraphNode>(graph.all("Gemm"));
    dense.addAll(graph.all("MatMul"));
    dense.addAll(otherConvolutions);
    if (dense.size() != 1) {
      dense.stream().flatMap(node -> node.inputs().stream()).filter(tensors::containsKey)
          .forEach(name -> fates.put(name, new Ignored("of another head: not one dense layer but " + dense.size())));
      return;
    }
    GraphNode node = dense.getFirst();
    Optional<StoredTensor> kernel = graph.constant(node.input(1));
    boolean transposed = node.type().equals("Gemm") && node.whole("transB", 0) == 1 || node.type().equals("Conv");
    if (kernel.isEmpty() || kernel.get().shape().size() < 2
        || kernel.get().shape().get(transposed ? 1 : 0) != features || node.number("alpha", 1) != 1
        || node.number("beta", 1) != 1 || node.whole("transA", 0) != 0
        || kernel.get().elements() != kernel.get().shape().get(0) * kernel.get().shape().get(1)) {
      throw new WeightFileException(file, "the dense layer '" + node.output() + "' with the matrix "
          + kernel.map(StoredTensor::shape) + " does not read the " + features
          + " features of a MobileNetV2; this is another architecture");
    }
    Tensor matrix = kernel.get().read();
    int rows = Math.toIntExact(kernel.get().shape().get(0));
    int columns = Math.toIntExact(kernel.get().shape().get(1));
    Layout layout = transposed ? Layout.OUT_IN : Layout.SAME;
    weights.put(DenseHead.KERNEL, layout.toLentil(Tensor.of(Shape.of(rows, columns), matrix.floats())));
    fates.put(kernel.get().name(), new Mapped(DenseHead.KERNEL, layout));
    int outputs = weights.get(DenseHead.KERNEL).shape().extent(-1);
    flow.requireAverages(node);
    flow.requireAnswers(headBias(node, outputs), outputs);
  }

  /** Takes the dense layer's bias; where it is added by an operation of its own, that is the layer's end. */
  private GraphNode headBias(GraphNode node, int outputs) {
    Optional<GraphNode> sum = node.type().equals("MatMul")
        ? graph.reader(node, "Add").filter(add -> addend(add).isPresent())
        : Optional.empty();
    Optional<StoredTensor> bias = node.type().equals("MatMul") ? sum.flatMap(this::addend) : bias(node);
    bias.ifPresentOrElse(tensor -> map(tensor, DenseHead.BIAS, Layout.SAME),
        () -> weights.put(DenseHead.BIAS, constant(outputs, 0)));
    return sum.orElse(node);
  }

  private Optional<StoredTensor> addend(GraphNode add) {
    return add.inputs().stream().map(graph::constant).flatMap(Optional::stream).findFirst();
  }

  private void map(StoredTensor tensor, String parameter, Layout layout) {
    weights.put(parameter, layout.toLentil(tensor.read()));
    fates.put(tensor.name(), new Mapped(parameter, layout));
  }
}
