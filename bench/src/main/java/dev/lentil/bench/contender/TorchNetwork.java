package dev.lentil.bench.contender;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Network.Node;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.nn.Window;
import dev.lentil.weights.onnx.ConvolutionWeights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network run layer by layer by PyTorch's operators, channels first (DJL cannot ask PyTorch for its channels-last
 * layout). In inference batch normalisations are folded into the convolutions, as PyTorch's own tools for deployment do;
 * an activation is freed when its last reader has run.
 */
final class TorchNetwork {
  /** What the network is for. */
  enum Mode {
    INFERENCE, TRAINING
  }

  private final Network network;
  private final Mode mode;
  private final Map<String, NDArray> parameters = new LinkedHashMap<>();
  private final Map<String, List<String>> lastReads = new HashMap<>();

  TorchNetwork(Network network, Weights weights, NDManager manager, Mode mode) {
    this.network = network;
    this.mode = mode;
    for (Node node : network.nodes()) {
      switch (node.layer()) {
        case Layer.Conv2d _, Layer.DepthwiseConv2d _ when mode == Mode.INFERENCE -> addFolded(node, weights, manager);
        case Layer.BatchNorm _ when mode == Mode.INFERENCE -> {}
        default -> network.parameters(node.name()).forEach(spec -> parameters.put(spec.name(),
            Torch.array(manager, TorchLayout.of(network, spec).toTorch(weights.get(spec.name()).floats()),
                TorchLayout.of(network, spec).shape())));
      }
    }
    var lastReader = new HashMap<String, String>();
    network.nodes().forEach(node -> node.inputs().forEach(input -> lastReader.put(input, node.name())));
    lastReader.forEach((value, reader) -> lastReads.computeIfAbsent(reader, _ -> new ArrayList<>()).add(value));
  }

  private void addFolded(Node node, Weights weights, NDManager manager) {
    var folded = ConvolutionWeights.of(network, weights, node.layer(), Optional.of(norm(node)));
    ParameterSpec kernel = network.parameters(node.name()).getFirst();
    parameters.put(kernel.name(),
        Torch.array(manager, folded.kernel(), TorchLayout.of(network, kernel).shape()));
    float[] bias = folded.bias().orElseThrow();
    parameters.put(node.name() + "/bias", Torch.array(manager, bias, bias.length));
  }

  private Layer.BatchNorm norm(Node convolution) {
    List<Node> readers = network.nodes().stream().filter(n -> n.inputs().contains(convolution.name())).toList();
    if (readers.size() == 1 && readers.getFirst().layer() instanceof Layer.BatchNorm norm) {
      return norm;
    }
    throw new IllegalArgumentException("layer '" + convolution.name() + "' has no batch normalisation to fold");
  }

  /** One parameter by Lentil's name, in PyTorch's layout. */
  NDArray parameter(String name) {
    return parameters.get(name);
  }

  /**
   * The network's output without the sigmoid or softmax at its end. The result belongs to the images' manager.
   *
   * @param images {@code [n,c,h,w]}; stay as they are
   */
  NDArray logits(NDArray images) {
    var outputs = new HashMap<String, NDArray>();
    outputs.put(network.inputNode().name(), images);
    NDArray last = images;
    for (Node node : network.nodes().subList(1, network.nodes().size())) {
      last = apply(node, outputs);
      outputs.put(node.name(), last);
      for (String read : lastReads.getOrDefault(node.name(), List.of())) {
        NDArray done = outputs.remove(read);
        // by identity: equality of arrays compares their values
        if (done != images && outputs.values().stream().noneMatch(value -> value == done)) {
          done.close();
        }
      }
    }
    return last;
  }

  private NDArray apply(Node node, Map<String, NDArray> outputs) {
    NDArray x = outputs.get(node.input());
    return switch (node.layer()) {
      case Layer.Conv2d l -> convolve(l.name(), 1, x);
      case Layer.DepthwiseConv2d l -> convolve(l.name(), network.inputShape(l.name()).extent(-1), x);
      case Layer.BatchNorm _ when mode == Mode.INFERENCE -> x;
      case Layer.BatchNorm l -> BatchNorm.batchNorm(x, parameter(l.name() + "/moving_mean"),
          parameter(l.name() + "/moving_variance"), parameter(l.name() + "/gamma"), parameter(l.name() + "/beta"), -1,
          (float) l.momentum(), (float) l.epsilon(), true).head();
      // DJL's own ReLU6 is a minimum with a constant in Java's memory, which may be collected before the way back reads it:
      // gradients were zero then, now and then
      case Layer.Relu6 _ -> x.clip(0, 6);
      case Layer.Add _ -> x.add(outputs.get(node.inputs().get(1)));
      case Layer.GlobalAveragePool _ -> x.getNDArrayInternal().globalAvgPool();
      case Layer.Dense l -> {
        try (NDArray product = x.matMul(parameter(l.name() + "/kernel"))) {
          yield product.add(parameter(l.name() + "/bias"));
        }
      }
      // training tasks have no dropout, and a head is the caller's
      case Layer.Dropout _, Layer.Sigmoid _, Layer.Softmax _ -> x;
      case Layer.Input _ -> throw new IllegalStateException("a network has one input");
    };
  }

  private NDArray convolve(String name, int groups, NDArray x) {
    Window window = network.window(name);
    int bottom = (window.outH() - 1) * window.stride() + window.kernelH() - window.padTop() - window.inH();
    int right = (window.outW() - 1) * window.stride() + window.kernelW() - window.padLeft() - window.inW();
    NDArray kernel = parameter(network.parameters(name).getFirst().name());
    // null, for DJL too, where there is none
    NDArray bias = parameter(name + "/bias");
    Shape stride = new Shape(window.stride(), window.stride());
    // PyTorch's convolution pads both sides alike
    boolean even = bottom <= window.padTop() && right <= window.padLeft();
    if (even) {
      return Conv2d.conv2d(x, kernel, bias, stride, new Shape(window.padTop(), window.padLeft()), new Shape(1, 1),
          groups).head();
    }
    Shape padding =
        new Shape(window.padLeft(), Math.max(right, 0), window.padTop(), Math.max(bottom, 0));
    try (NDArray padded = x.pad(padding, 0)) {
      return Conv2d.conv2d(padded, kernel, bias, stride, new Shape(0, 0), new Shape(1, 1), groups).head();
    }
  }
}
