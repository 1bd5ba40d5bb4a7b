package dev.lentil.explain;

import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.explain.StrongestPath.Link;
import dev.lentil.explain.StrongestPath.Making;
import dev.lentil.explain.StrongestPath.Term;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Window;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The search for a {@link StrongestPath}, from the logit back to the pixel. */
final class PathSearch {
  private final ParameterBank bank;
  private final Network network;
  private final Executable executable;
  private final Tensor image;
  private final Map<String, Tensor> outputs = new HashMap<>();
  private final Map<String, ReceptiveFields> fields;

  PathSearch(ParameterBank bank, Executable executable, Tensor image) {
    this.bank = bank;
    network = bank.network();
    this.executable = executable;
    this.image = image;
    fields = ReceptiveFields.of(network);
  }

  /** Where in an output. */
  private record Place(int row, int column, int channel) {}

  StrongestPath back(String logits, double[] factors) {
    int start = 0;
    for (int i = 1; i < factors.length; i++) {
      start = Math.abs(factors[i]) > Math.abs(factors[start]) ? i : start;
    }
    var links = new ArrayList<Link>();
    String name = logits;
    Place place = place(network.shape(logits), start);
    int toward = factors[start] < 0 ? -1 : 1;
    while (true) {
      Network.Node node = network.node(name);
      Making making = making(node, place, toward);
      links.add(new Link(node.layer(), place.row, place.column, place.channel, value(name, place), toward, making,
          channel(name, place.channel), fields.get(name).at(place.row, place.column)));
      switch (making) {
        case Making.Pixel _ -> {
          return new StrongestPath(links.reversed());
        }
        case Making.Sum sum -> {
          Term term = sum.strongest();
          name = term.layer();
          place = new Place(term.row(), term.column(), term.channel());
          toward *= term.weight() < 0 ? -1 : 1;
        }
        case Making.Normalized normalized -> {
          name = node.input();
          toward *= normalized.gamma() < 0 ? -1 : 1;
        }
        case Making.Clipped _, Making.Unchanged _ -> name = node.input();
      }
    }
  }

  /** Where an element of an output is, {@code [h,w,c]} or {@code [c]}. */
  private static Place place(Shape shape, int element) {
    int channels = shape.extent(-1);
    int width = shape.rank() == 1 ? 1 : shape.extent(1);
    return new Place(element / channels / width, element / channels % width, element % channels);
  }

  private Making making(Network.Node node, Place at, int toward) {
    return switch (node.layer()) {
      case Layer.Input _ -> new Making.Pixel();
      case Layer.Conv2d l -> sum(convolution(node, at, l.filters()), l.bias() ? parameter(l, "bias", at) : 0, toward);
      case Layer.DepthwiseConv2d _ -> sum(depthwise(node, at), 0, toward);
      case Layer.BatchNorm l -> new Making.Normalized(value(node.input(), at), parameter(l, "moving_mean", at),
          parameter(l, "moving_variance", at), l.epsilon(), parameter(l, "gamma", at), parameter(l, "beta", at));
      case Layer.Relu6 _ -> new Making.Clipped(value(node.input(), at));
      case Layer.Dropout _ -> new Making.Unchanged(value(node.input(), at));
      case Layer.Add _ -> sum(node.inputs().stream()
          .map(input -> new Term(input, at.row, at.column, at.channel, value(input, at), 1)).toList(), 0, toward);
      case Layer.GlobalAveragePool _ -> sum(pooled(node, at), 0, toward);
      case Layer.Dense l -> sum(dense(node, at, l.units()), parameter(l, "bias", at), toward);
      case Layer.Sigmoid l -> throw inside(l);
      case Layer.Softmax l -> throw inside(l);
    };
  }

  private static IllegalArgumentException inside(Layer layer) {
    return new IllegalArgumentException(
        "layer '" + layer.name() + "' is before the logits, and has no path: its value is "
            + "neither a sum nor a clipped number");
  }

  private double parameter(Layer layer, String which, Place at) {
    return bank.read(layer.name() + "/" + which).get(at.channel);
  }

  private Making.Sum sum(List<Term> terms, double bias, int toward) {
    List<Integer> best = IntStream.range(0, terms.size()).boxed()
        .sorted(Comparator.comparingDouble(i -> -toward * terms.get(i).product())).toList();
    Optional<Integer> most = best.stream().takeWhile(i -> toward * terms.get(i).product() > 0)
        .filter(i -> sees(terms.get(i))).findFirst();
    int largest = 0;
    for (int i = 1; i < terms.size(); i++) {
      largest = Math.abs(terms.get(i).product()) > Math.abs(terms.get(largest).product()) ? i : largest;
    }
    return new Making.Sum(terms, bias, most.orElse(largest));
  }

  /** Whether anything before a term's input is in it: not if that is what batch normalisation makes of a sum of zeros. */
  private boolean sees(Term term) {
    Network.Node node = network.node(term.layer());
    while (node.layer() instanceof Layer.BatchNorm || node.layer() instanceof Layer.Relu6
        || node.layer() instanceof Layer.Dropout) {
      node = network.node(node.input());
    }
    return !(node.layer() instanceof Layer.DepthwiseConv2d)
        || depthwise(node, new Place(term.row(), term.column(), term.channel())).stream()
            .anyMatch(inner -> inner.product() != 0);
  }

  private List<Term> convolution(Network.Node node, Place at, int filters) {
    Window w = network.window(node.name());
    Tensor kernel = bank.read(node.name() + "/kernel");
    int channels = network.inputShape(node.name()).extent(2);
    var terms = new ArrayList<Term>();
    for (int ky = 0; ky < w.kernelH(); ky++) {
      for (int kx = 0; kx < w.kernelW(); kx++) {
        int row = at.row * w.stride() - w.padTop() + ky;
        int column = at.column * w.stride() - w.padLeft() + kx;
        if (row < 0 || row >= w.inH() || column < 0 || column >= w.inW()) {
          continue;
        }
        for (int c = 0; c < channels; c++) {
          double weight = kernel.get(((ky * w.kernelW() + kx) * channels + c) * filters + at.channel);
          terms.add(term(node.input(), new Place(row, column, c), weight));
        }
      }
    }
    return terms;
  }

  private List<Term> depthwise(Network.Node node, Place at) {
    Window w = network.window(node.name());
    Tensor kernel = bank.read(node.name() + "/depthwise_kernel");
    int channels = network.shape(node.name()).extent(2);
    var terms = new ArrayList<Term>();
    for (int tap = 0; tap < w.kernelH() * w.kernelW(); tap++) {
      int row = at.row * w.stride() - w.padTop() + tap / w.kernelW();
      int column = at.column * w.stride() - w.padLeft() + tap % w.kernelW();
      if (row >= 0 && row < w.inH() && column >= 0 && column < w.inW()) {
        terms.add(term(node.input(), new Place(row, column, at.channel), kernel.get(tap * channels + at.channel)));
      }
    }
    return terms;
  }

  private List<Term> pooled(Network.Node node, Place at) {
    int height = network.inputShape(node.name()).extent(0);
    int width = network.inputShape(node.name()).extent(1);
    var terms = new ArrayList<Term>();
    for (int i = 0; i < height * width; i++) {
      terms.add(term(node.input(), new Place(i / width, i % width, at.channel), 1.0 / (height * width)));
    }
    return terms;
  }

  private List<Term> dense(Network.Node node, Place at, int units) {
    Tensor kernel = bank.read(node.name() + "/kernel");
    var terms = new ArrayList<Term>();
    for (int c = 0; c < kernel.shape().extent(0); c++) {
      terms.add(term(node.input(), new Place(0, 0, c), kernel.get(c * units + at.channel)));
    }
    return terms;
  }

  private Term term(String input, Place at, double weight) {
    return new Term(input, at.row, at.column, at.channel, value(input, at), weight);
  }

  /** {@code [1,h,w,c]} or {@code [1,c]}. */
  private Tensor output(String layer) {
    return outputs.computeIfAbsent(layer, name -> name.equals(network.inputNode().name())
        ? Tensor.of(image.shape().batched(1), image.doubles())
        : executable.read(name));
  }

  private double value(String layer, Place at) {
    Tensor output = output(layer);
    if (output.shape().rank() == 2) {
      return output.get(at.channel);
    }
    return output.get((at.row * output.shape().extent(2) + at.column) * output.shape().extent(3) + at.channel);
  }

  private Optional<HeatMap> channel(String layer, int channel) {
    Tensor output = output(layer);
    return output.shape().rank() == 2 ? Optional.empty() : Optional.of(FeatureMaps.channel(output, channel));
  }
}
