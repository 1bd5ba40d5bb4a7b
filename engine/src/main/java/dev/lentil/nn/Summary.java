package dev.lentil.nn;

import dev.lentil.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The numbers of a network, layer by layer, for one image. The record holds plain values, so {@link dev.lentil.json.Json}
 * can write it directly.
 *
 * @param parameters all numbers that a weight file holds, moving statistics included
 * @param trained how many of them an optimiser changes; empty if that was not requested
 * @param multiplyAdds multiply-adds of convolutions and dense layers, including multiplications with zeros of the padding.
 *     As is customary, biases, batch normalisation (which folds into the kernels), activations and pooling do not count
 * @param activationBytes the outputs of all layers as float32: what training at batch size 1 would keep if it kept all of them
 */
public record Summary(List<Row> layers, long parameters, Optional<Long> trained, long multiplyAdds,
    long activationBytes) {

  /**
   * One layer.
   *
   * @param type the layer's type: {@code Conv2d}
   * @param output the shape of its output, without the batch: {@code [h,w,c]} or {@code [c]}
   */
  public record Row(String name, String type, List<Integer> output, List<String> inputs, long parameters,
      Optional<Long> trained, long multiplyAdds, long activationBytes) {}

  public Summary {
    layers = List.copyOf(layers);
  }

  public static Summary of(Network network) {
    return of(network, Optional.empty());
  }

  /** With the share that is trained. */
  public static Summary of(Network network, Set<String> trainedParameters) {
    return of(network, Optional.of(trainedParameters));
  }

  private static Summary of(Network network, Optional<Set<String>> trained) {
    var rows = new ArrayList<Row>();
    for (Network.Node node : network.nodes()) {
      Shape output = network.shape(node.name());
      List<ParameterSpec> specs = network.parameters(node.name());
      rows.add(new Row(node.name(), node.layer().getClass().getSimpleName(),
          Arrays.stream(output.toArray()).boxed().toList(), node.inputs(), size(specs),
          trained.map(names -> size(specs.stream().filter(spec -> names.contains(spec.name())).toList())),
          multiplyAdds(network, node), (long) Float.BYTES * output.size()));
    }
    return new Summary(rows, rows.stream().mapToLong(Row::parameters).sum(),
        trained.map(_ -> rows.stream().mapToLong(row -> row.trained().orElseThrow()).sum()),
        rows.stream().mapToLong(Row::multiplyAdds).sum(), rows.stream().mapToLong(Row::activationBytes).sum());
  }

  private static long size(List<ParameterSpec> specs) {
    return specs.stream().mapToLong(spec -> spec.shape().size()).sum();
  }

  private static long multiplyAdds(Network network, Network.Node node) {
    long outputs = network.shape(node.name()).size();
    return switch (node.layer()) {
      case Layer.Conv2d l -> outputs * l.kernel() * l.kernel() * network.inputShape(l.name()).extent(-1);
      case Layer.DepthwiseConv2d l -> outputs * l.kernel() * l.kernel();
      case Layer.Dense l -> outputs * network.inputShape(l.name()).size();
      case Layer.Input _, Layer.BatchNorm _, Layer.Relu6 _, Layer.Add _, Layer.GlobalAveragePool _, Layer.Dropout _, Layer.Sigmoid _, Layer.Softmax _ ->
          0;
    };
  }

  /** The table for people: a line per layer, then the totals. */
  public String text() {
    var table = new StringBuilder();
    int width = Math.max(5, layers.stream().mapToInt(row -> row.name().length()).max().orElse(0));
    String format = "%-" + width + "s  %-17s  %-13s  %10s  %13s  %10s";
    line(table, String.format(Locale.ROOT, format, "layer", "type", "output", "parameters", "multiply-adds", "KiB"),
        trained.isPresent() ? "     trained" : "");
    for (Row row : layers) {
      String shape = row.output().stream().map(String::valueOf).collect(Collectors.joining("x"));
      line(table, String.format(Locale.ROOT, format, row.name(), row.type(), shape, count(row.parameters()),
          count(row.multiplyAdds()), String.format(Locale.ROOT, "%.1f", row.activationBytes() / 1024.0)),
          row.trained().map(n -> String.format(Locale.ROOT, "%12s", count(n))).orElse(""));
    }
    line(table, "", "");
    line(table, String.format(Locale.ROOT, "Parameters     %,d", parameters),
        trained.map(n -> String.format(Locale.ROOT, ", of which %,d are trained", n)).orElse(""));
    line(table, String.format(Locale.ROOT, "Multiply-adds  %.1f million an image", multiplyAdds / 1e6), "");
    line(table, String.format(Locale.ROOT, "Activations    %.1f MiB an image, all layers, float32",
        activationBytes / (double) (1 << 20)), "");
    return table.toString();
  }

  private static String count(long n) {
    return n == 0 ? "-" : String.format(Locale.ROOT, "%,d", n);
  }

  private static void line(StringBuilder table, String left, String right) {
    table.append((left + right).stripTrailing()).append('\n');
  }
}
