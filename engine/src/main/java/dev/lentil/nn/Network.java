package dev.lentil.nn;

import dev.lentil.nn.ParameterSpec.Role;
import dev.lentil.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A network as data. Every layer comes after its inputs. The shape of every layer's output and the list of parameters are
 * calculated once, when the network is built. It holds no values of parameters; see {@link Weights}.
 */
public final class Network {

  /** A layer and the names of the layers that it reads. */
  public record Node(Layer layer, List<String> inputs) {
    public Node {
      inputs = List.copyOf(inputs);
    }

    public String name() {
      return layer.name();
    }

    /**
     * The first of the layers that it reads, for most the only one.
     *
     * @throws IllegalArgumentException if it reads none, as the network's input does
     */
    public String input() {
      if (inputs.isEmpty()) {
        throw new IllegalArgumentException("layer '" + name() + "' is the network's input and reads no other layer");
      }
      return inputs.getFirst();
    }
  }

  /** How many names a message offers for one that is not there. */
  private static final int NEAR = 3;

  private final List<Node> nodes;
  private final Map<String, Node> byName;
  private final Map<String, Shape> shapes;
  private final Map<String, ParameterSpec> parameters;

  private Network(Builder builder) {
    nodes = List.copyOf(builder.nodes);
    byName = new LinkedHashMap<>(builder.byName);
    shapes = new LinkedHashMap<>(builder.shapes);
    parameters = new LinkedHashMap<>();
    for (Node node : nodes) {
      for (ParameterSpec spec : parametersOf(node)) {
        parameters.put(spec.name(), spec);
      }
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  public List<Node> nodes() {
    return nodes;
  }

  /**
   * @throws IllegalArgumentException if there is no such layer
   */
  public Node node(String name) {
    Node node = byName.get(name);
    if (node == null) {
      throw new IllegalArgumentException(noLayer(name));
    }
    return node;
  }

  /** What to say of a name that is no layer's: that it is none, and those whose names are most like it. */
  public String noLayer(String name) {
    return noLayer(name, byName.keySet());
  }

  private static String noLayer(String name, Collection<String> layers) {
    String near = String.join("', '", Nearest.to(name, layers, NEAR));
    return "the network has no layer '" + name + "'" + (near.isEmpty()
        ? ""
        : "; the names most like it are '" + near
            + "'");
  }

  public boolean contains(String layer) {
    return byName.containsKey(layer);
  }

  /** The position of a layer in {@link #nodes()}. */
  public int index(String name) {
    return nodes.indexOf(node(name));
  }

  public Node inputNode() {
    return nodes.getFirst();
  }

  /** The last layer: the network's output. */
  public Node outputNode() {
    return nodes.getLast();
  }

  /** The shape of one sample of a layer's output, without the batch axis. */
  public Shape shape(String layer) {
    return shapes.get(node(layer).name());
  }

  /**
   * The shape of what a layer reads (its first input), without the batch axis.
   *
   * @throws IllegalArgumentException if it is the network's input, which reads nothing
   */
  public Shape inputShape(String layer) {
    return shapes.get(node(layer).input());
  }

  /** All parameters, in layer order; within a layer in Keras's order. */
  public List<ParameterSpec> parameters() {
    return List.copyOf(parameters.values());
  }

  /** The parameters of one layer; empty for a layer without any. */
  public List<ParameterSpec> parameters(String layer) {
    return parametersOf(node(layer));
  }

  /**
   * @throws IllegalArgumentException if there is no such parameter
   */
  public ParameterSpec parameter(String name) {
    ParameterSpec spec = parameters.get(name);
    if (spec == null) {
      throw new IllegalArgumentException("the network has no parameter '" + name + "'");
    }
    return spec;
  }

  /**
   * The geometry of a convolution layer on its input.
   *
   * @throws IllegalArgumentException if it is no convolution
   */
  public Window window(String layer) {
    return windowOf(node(layer).layer(), inputShape(layer));
  }

  private static Window windowOf(Layer layer, Shape input) {
    return switch (layer) {
      case Layer.Conv2d l -> window(l, input, l.kernel(), l.stride(), l.padding());
      case Layer.DepthwiseConv2d l -> window(l, input, l.kernel(), l.stride(), l.padding());
      case Layer.Input _, Layer.BatchNorm _, Layer.Relu6 _, Layer.Add _, Layer.GlobalAveragePool _, Layer.Dropout _, Layer.Dense _, Layer.Sigmoid _, Layer.Softmax _ ->
          throw new IllegalArgumentException("layer '" + layer.name() + "' is not a convolution");
    };
  }

  private static Window window(Layer layer, Shape input, int kernel, int stride, Padding padding) {
    try {
      return Window.of(input, kernel, kernel, stride, padding);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("layer '" + layer.name() + "': " + e.getMessage(), e);
    }
  }

  /** A line for each layer: its name, what it is, the shape of its output. {@link Summary#text} has the numbers as well. */
  @Override
  public String toString() {
    int width = nodes.stream().mapToInt(node -> node.name().length()).max().orElseThrow();
    return nodes.stream().map(node -> String.format(Locale.ROOT, "%-" + width + "s  %-17s  %s", node.name(),
        node.layer().getClass().getSimpleName(), shape(node.name()))).collect(Collectors.joining("\n"));
  }

  private List<ParameterSpec> parametersOf(Node node) {
    String name = node.name();
    var specs = new ArrayList<ParameterSpec>();
    switch (node.layer()) {
      case Layer.Conv2d l -> {
        int in = inputShape(name).extent(-1);
        specs.add(spec(name, "kernel", Role.KERNEL, l.kernel(), l.kernel(), in, l.filters()));
        if (l.bias()) {
          specs.add(spec(name, "bias", Role.BIAS, l.filters()));
        }
      }
      case Layer.DepthwiseConv2d l -> {
        int c = inputShape(name).extent(-1);
        specs.add(spec(name, "depthwise_kernel", Role.KERNEL, l.kernel(), l.kernel(), c, 1));
      }
      case Layer.BatchNorm l -> {
        int c = inputShape(name).extent(-1);
        specs.add(spec(name, "gamma", Role.GAMMA, c));
        specs.add(spec(name, "beta", Role.BETA, c));
        specs.add(spec(name, "moving_mean", Role.MOVING_MEAN, c));
        specs.add(spec(name, "moving_variance", Role.MOVING_VARIANCE, c));
      }
      case Layer.Dense l -> {
        specs.add(spec(name, "kernel", Role.KERNEL, inputShape(name).size(), l.units()));
        specs.add(spec(name, "bias", Role.BIAS, l.units()));
      }
      case Layer.Input _, Layer.Relu6 _, Layer.Add _, Layer.GlobalAveragePool _, Layer.Dropout _, Layer.Sigmoid _, Layer.Softmax _ ->
          {}
    }
    return specs;
  }

  private static ParameterSpec spec(String layer, String variable, Role role, int... extents) {
    return new ParameterSpec(layer + "/" + variable, layer, role, shapeOf(layer, extents));
  }

  /** Of a layer's output or of one of its parameters, which may be too large for any array. */
  private static Shape shapeOf(String layer, int... extents) {
    try {
      return Shape.of(extents);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("layer '" + layer + "': " + e.getMessage(), e);
    }
  }

  /** Adds layers one by one. Each layer is checked and its output shape is calculated when it is added. */
  public static final class Builder {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Node> byName = new LinkedHashMap<>();
    private final Map<String, Shape> shapes = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds the next layer.
     *
     * @param inputs the layers it reads; none means the layer added last
     * @return the layer's name, for later layers to read
     * @throws IllegalArgumentException if the name is taken, an input is unknown, or the shapes do not fit
     */
    public String add(Layer layer, String... inputs) {
      String name = layer.name();
      if (byName.containsKey(name)) {
        throw new IllegalArgumentException("two layers are named '" + name + "'");
      }
      if (nodes.isEmpty() != (layer instanceof Layer.Input)) {
        throw new IllegalArgumentException("layer '" + name + "': a network starts with its one Input layer");
      }
      List<String> from = inputs.length > 0 || nodes.isEmpty() ? List.of(inputs) : List.of(nodes.getLast().name());
      for (String input : from) {
        if (!byName.containsKey(input)) {
          throw new IllegalArgumentException(
              "layer '" + name + "' reads '" + input + "', which is not an earlier layer");
        }
      }
      shapes.put(name, outputShape(layer, from.stream().map(shapes::get).toList()));
      Node node = new Node(layer, from);
      nodes.add(node);
      byName.put(name, node);
      return name;
    }

    /**
     * The shape of a layer that was added.
     *
     * @throws IllegalArgumentException if none of this name was
     */
    public Shape shape(String layer) {
      Shape shape = shapes.get(layer);
      if (shape == null) {
        throw new IllegalArgumentException(noLayer(layer, byName.keySet()));
      }
      return shape;
    }

    /** What was added so far, as a network that later additions do not change. */
    public Network build() {
      if (nodes.isEmpty()) {
        throw new IllegalStateException("the network has no layers");
      }
      return new Network(this);
    }

    private static Shape outputShape(Layer layer, List<Shape> in) {
      int arity = switch (layer) {
        case Layer.Input _ -> 0;
        case Layer.Add _ -> 2;
        case Layer.Conv2d _, Layer.DepthwiseConv2d _, Layer.BatchNorm _, Layer.Relu6 _, Layer.GlobalAveragePool _, Layer.Dropout _, Layer.Dense _, Layer.Sigmoid _, Layer.Softmax _ ->
            1;
      };
      if (in.size() != arity) {
        throw new IllegalArgumentException("layer '" + layer.name() + "' needs " + arity + " inputs, got " + in.size());
      }
      return switch (layer) {
        case Layer.Input l -> {
          requireMap(l, l.shape());
          yield l.shape();
        }
        case Layer.Conv2d l -> {
          requireMap(l, in.getFirst());
          Window window = windowOf(l, in.getFirst());
          yield shapeOf(l.name(), window.outH(), window.outW(), l.filters());
        }
        case Layer.DepthwiseConv2d l -> {
          requireMap(l, in.getFirst());
          Window window = windowOf(l, in.getFirst());
          yield shapeOf(l.name(), window.outH(), window.outW(), in.getFirst().extent(-1));
        }
        case Layer.GlobalAveragePool l -> {
          requireMap(l, in.getFirst());
          yield Shape.of(in.getFirst().extent(-1));
        }
        case Layer.Dense l -> {
          if (in.getFirst().rank() == 3) {
            throw new IllegalArgumentException("layer '" + l.name() + "' needs a sample of rank 1, got "
                + in.getFirst()
                + "; put a GlobalAveragePool before it, which makes [channels] of [height,width,channels]");
          }
          yield Shape.of(l.units());
        }
        case Layer.Add l -> {
          if (!in.get(0).equals(in.get(1))) {
            throw new IllegalArgumentException(
                "layer '" + l.name() + "' adds " + in.get(0) + " and " + in.get(1) + ", which differ");
          }
          yield in.getFirst();
        }
        case Layer.BatchNorm _, Layer.Relu6 _, Layer.Dropout _, Layer.Sigmoid _, Layer.Softmax _ -> in.getFirst();
      };
    }

    private static void requireMap(Layer layer, Shape shape) {
      if (shape.rank() != 3) {
        throw new IllegalArgumentException("layer '" + layer.name() + "' needs a sample of rank 3, got " + shape);
      }
    }
  }
}
