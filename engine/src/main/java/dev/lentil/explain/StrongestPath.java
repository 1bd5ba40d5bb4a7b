package dev.lentil.explain;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One way through a network from a pixel to a logit, with all the arithmetic on it. It is found backwards, from the logit: every
 * value is a sum, a normalised or a clipped number, and of a sum the term that does most for the logit is followed. A term whose
 * input is itself a sum of zeros is passed over, since nothing of the image is in it. Where no term does anything for the logit,
 * the largest in size is followed: what is for it then comes from biases and normalisations.
 *
 * <p>It is one way of very many and explains no answer: even the largest of hundreds of terms is often a small part of the sum.
 *
 * @param links from the pixel to the logit; each is calculated from the one before it, among others
 */
public record StrongestPath(List<Link> links) {
  public StrongestPath {
    links = List.copyOf(links);
  }

  /**
   * One value of a layer's output.
   *
   * @param row its place; 0 in a layer without places
   * @param column its place; 0 in a layer without places
   * @param toward 1 if the logit is larger when this value is, -1 if it is smaller, along this path; where a ReLU6 on the way to the
   *     logit cuts off, a little more or less changes nothing, and it is the sign of the weights alone
   * @param channelMap the values of its channel at all places; empty in a layer without places
   * @param field its receptive field: the pixels that it can depend on
   */
  public record Link(Layer layer, int row, int column, int channel, double value, int toward, Making making,
      Optional<HeatMap> channelMap, Field field) {}

  /** How a value was calculated. */
  public sealed interface Making {
    /** Not at all: it is a channel of a pixel. */
    record Pixel() implements Making {}

    /**
     * {@code bias + sum of input * weight}. A convolution's terms outside its input are zero and left out.
     *
     * @param followed the index of the term that does most for the logit; if none does anything for it, of the largest in size
     */
    record Sum(List<Term> terms, double bias, int followed) implements Making {
      public Sum {
        terms = List.copyOf(terms);
      }

      /** The term that is followed. */
      public Term strongest() {
        return terms.get(followed);
      }
    }

    /** {@code (input - mean) / sqrt(variance + epsilon) * gamma + beta}, with the moving statistics. */
    record Normalized(double input, double mean, double variance, double epsilon, double gamma, double beta)
        implements Making {}

    /** {@code min(max(input, 0), 6)}. */
    record Clipped(double input) implements Making {}

    /** Dropout, which does nothing outside training. */
    record Unchanged(double input) implements Making {}
  }

  /**
   * A term of a sum.
   *
   * @param layer where the input comes from
   */
  public record Term(String layer, int row, int column, int channel, double input, double weight) {
    /** What it adds. */
    public double product() {
      return input * weight;
    }
  }

  /** A receptive field: a rectangle of pixels, which may reach beyond the image, where zeros are. */
  public record Field(int top, int left, int height, int width) {}

  /**
   * The path of an image.
   *
   * @param image {@code [h,w,c]}, already normalised
   * @param factors of the logits: 1 for the one in question, 0 for the others; -1 for what speaks against it. Of several the path
   *     is that of the largest in size.
   * @throws IllegalArgumentException if there are not as many factors as logits
   */
  public static StrongestPath of(Device device, ParameterBank bank, Tensor image, double... factors) {
    Network network = bank.network();
    String logits = Planner.logits(network);
    if (factors.length != network.shape(logits).size()) {
      throw new IllegalArgumentException(
          "got " + factors.length + " factors, but the network has " + network.shape(logits).size() + " logits");
    }
    Set<String> all = network.nodes().stream().map(Network.Node::name).collect(Collectors.toSet());
    var plan = Planner.inference(network, 1, device.fusions(), all);
    try (Executable executable = device.compile(plan, bank)) {
      executable.run(Batch.of(Tensor.of(image.shape().batched(1), image.doubles())), RunState.inference());
      return new PathSearch(bank, executable, image).back(logits, factors);
    }
  }
}
