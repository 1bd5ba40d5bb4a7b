package dev.lentil.explain;

import dev.lentil.explain.StrongestPath.Field;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Window;
import java.util.HashMap;
import java.util.Map;

/** The receptive fields of one layer: which pixels each place of its output can depend on. */
record ReceptiveFields(Axis rows, Axis columns) {

  /** Along one axis: output {@code i} sees {@code size} pixels from {@code start + i * step} on. */
  private record Axis(int start, int size, int step) {
    Axis through(int kernel, int stride, int pad) {
      return new Axis(start - pad * step, size + (kernel - 1) * step, step * stride);
    }

    Axis with(Axis other) {
      int from = Math.min(start, other.start);
      return new Axis(from, Math.max(start + size, other.start + other.size) - from, step);
    }
  }

  /** Those of every layer, by name. */
  static Map<String, ReceptiveFields> of(Network network) {
    var fields = new HashMap<String, ReceptiveFields>();
    network.nodes().forEach(node -> fields.put(node.name(), of(network, node, fields)));
    return fields;
  }

  private static ReceptiveFields of(Network network, Network.Node node, Map<String, ReceptiveFields> earlier) {
    if (node.layer() instanceof Layer.Input) {
      return new ReceptiveFields(new Axis(0, 1, 1), new Axis(0, 1, 1));
    }
    ReceptiveFields before = node.inputs().stream().map(earlier::get).reduce(ReceptiveFields::with).orElseThrow();
    return switch (node.layer()) {
      case Layer.Conv2d _, Layer.DepthwiseConv2d _ -> before.through(network.window(node.name()));
      case Layer.GlobalAveragePool _ -> before.whole(network.inputShape(node.name()).extent(0),
          network.inputShape(node.name()).extent(1));
      case Layer.Input _, Layer.BatchNorm _, Layer.Relu6 _, Layer.Add _, Layer.Dropout _, Layer.Dense _, Layer.Sigmoid _, Layer.Softmax _ ->
          before;
    };
  }

  private ReceptiveFields through(Window w) {
    return new ReceptiveFields(rows.through(w.kernelH(), w.stride(), w.padTop()),
        columns.through(w.kernelW(), w.stride(), w.padLeft()));
  }

  private ReceptiveFields whole(int height, int width) {
    return new ReceptiveFields(rows.through(height, 1, 0), columns.through(width, 1, 0));
  }

  private ReceptiveFields with(ReceptiveFields other) {
    return new ReceptiveFields(rows.with(other.rows), columns.with(other.columns));
  }

  /** The receptive field of one place. */
  Field at(int row, int column) {
    return new Field(rows.start + row * rows.step, columns.start + column * columns.step, rows.size, columns.size);
  }
}
