package dev.lentil.weights.onnx;

import dev.lentil.weights.store.GraphNode;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.WeightFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Brings what an ONNX graph calculates from constants alone, such as how much a {@code Pad} pads, to the node that uses
 * it, as the attribute that older versions of the operation had: {@code pads} of {@code Pad}, {@code min} and {@code
 * max} of {@code Clip}. Exporters of PyTorch write some ten operations for each of them.
 */
final class ConstantFolding {
  /** Paddings have eight numbers; what is longer is no padding and is not worked out. */
  private static final int MOST = 64;

  /** Whole numbers of rank 0 to 2, row-major. */
  private record Ints(List<Integer> shape, long[] values) {
    static Ints vector(long... values) {
      return new Ints(List.of(values.length), values);
    }

    boolean scalar() {
      return values.length == 1;
    }
  }

  private final Map<String, Ints> known = new HashMap<>();
  private final Map<String, Double> numbers = new HashMap<>();

  private ConstantFolding() {}

  static List<GraphNode> of(List<GraphNode> nodes, Map<String, StoredTensor> initialisers) {
    var folding = new ConstantFolding();
    initialisers.forEach(folding::remember);
    var folded = new ArrayList<GraphNode>();
    for (GraphNode node : nodes) {
      folding.evaluate(node).ifPresent(value -> folding.known.put(node.output(), value));
      folded.add(folding.complete(node));
    }
    return folded;
  }

  private GraphNode complete(GraphNode node) {
    var attributes = new LinkedHashMap<>(node.attributes());
    switch (node.type()) {
      case "Pad" -> {
        if (known.containsKey(node.input(1))) {
          attributes.put("pads", Arrays.stream(known.get(node.input(1)).values).boxed().toList());
        }
      }
      case "Clip" -> {
        if (numbers.containsKey(node.input(1))) {
          attributes.put("min", numbers.get(node.input(1)));
        }
        if (numbers.containsKey(node.input(2))) {
          attributes.put("max", numbers.get(node.input(2)));
        }
      }
      default -> {}
    }
    return new GraphNode(node.type(), node.name(), node.inputs(), node.outputs(), attributes);
  }

  private void remember(String name, StoredTensor tensor) {
    if (tensor.elements() == 0 || tensor.elements() > MOST || tensor.shape().size() > 2) {
      return;
    }
    double[] values;
    try {
      values = tensor.read().doubles();
    } catch (WeightFileException _) {
      // Of a type that is not read; if a weight needs it, that will be said there.
      return;
    }
    if (tensor.floating()) {
      if (values.length == 1) {
        numbers.put(name, values[0]);
      }
    } else {
      known.put(name, new Ints(tensor.shape().stream().map(Math::toIntExact).toList(),
          Arrays.stream(values).mapToLong(value -> (long) value).toArray()));
    }
  }

  /** The node's output if all it needs is known. */
  private Optional<Ints> evaluate(GraphNode node) {
    if (node.type().equals("Constant")) {
      if (node.attributes().get("value") instanceof StoredTensor tensor) {
        remember(node.output(), tensor);
      }
      return Optional.ofNullable(known.get(node.output()));
    }
    List<Ints> in = node.inputs().stream().filter(known::containsKey).map(known::get).toList();
    if (in.isEmpty() || in.size() != node.inputs().size()) {
      return Optional.empty();
    }
    Ints x = in.getFirst();
    return switch (node.type()) {
      case "Identity", "Cast" -> Optional.of(x);
      case "Shape" -> Optional.of(Ints.vector(x.shape.stream().mapToLong(Integer::longValue).toArray()));
      case "Gather" -> gather(x, in);
      case "Add", "Sub", "Mul" -> arithmetic(node.type(), x, in);
      case "ConstantOfShape" -> constantOfShape(node, x);
      case "Concat" -> concat(in);
      case "Reshape" -> in.size() == 2 ? reshape(x, in.get(1)) : Optional.empty();
      case "Squeeze", "Unsqueeze" -> Optional.of(Ints.vector(x.values));
      case "Slice" -> slice(x, in);
      case "Transpose" -> Optional.of(transpose(x));
      default -> Optional.empty();
    };
  }

  private static Optional<Ints> gather(Ints x, List<Ints> in) {
    if (in.size() != 2 || x.shape.size() != 1 || !in.get(1).scalar()) {
      return Optional.empty();
    }
    long index = in.get(1).values[0] < 0 ? in.get(1).values[0] + x.values.length : in.get(1).values[0];
    return index < 0 || index >= x.values.length
        ? Optional.empty()
        : Optional.of(new Ints(in.get(1).shape, new long[] {x.values[(int) index]}));
  }

  private static Optional<Ints> arithmetic(String type, Ints x, List<Ints> in) {
    boolean fits = in.size() == 2 && (x.values.length == in.get(1).values.length || x.scalar() || in.get(1).scalar());
    if (!fits || x.values.length == 0 || in.get(1).values.length == 0) {
      return Optional.empty();
    }
    long[] a = x.values;
    long[] b = in.get(1).values;
    long[] result = IntStream.range(0, Math.max(a.length, b.length)).mapToLong(i -> {
      long left = a[a.length == 1 ? 0 : i];
      long right = b[b.length == 1 ? 0 : i];
      return switch (type) {
        case "Add" -> left + right;
        case "Sub" -> left - right;
        default -> left * right;
      };
    }).toArray();
    return Optional.of(new Ints(a.length >= b.length ? x.shape : in.get(1).shape, result));
  }

  private static Optional<Ints> constantOfShape(GraphNode node, Ints shape) {
    if (!shape.scalar() || shape.values[0] < 0 || shape.values[0] > MOST) {
      return Optional.empty();
    }
    long[] values = new long[(int) shape.values[0]];
    if (node.attributes().get("value") instanceof StoredTensor tensor && tensor.elements() == 1) {
      Arrays.fill(values, (long) tensor.read().get(0));
    }
    return Optional.of(Ints.vector(values));
  }

  private static Optional<Ints> concat(List<Ints> in) {
    long[] joined = in.stream().flatMapToLong(part -> Arrays.stream(part.values)).limit(MOST + 1L).toArray();
    return joined.length > MOST ? Optional.empty() : Optional.of(Ints.vector(joined));
  }

  private static Optional<Ints> reshape(Ints x, Ints shape) {
    long rest = x.values.length;
    for (long extent : shape.values) {
      rest = extent > 0 ? rest / extent : rest;
    }
    var extents = new ArrayList<Integer>();
    long size = 1;
    for (long extent : shape.values) {
      long resolved = extent == -1 ? rest : extent;
      if (resolved < 0 || resolved > MOST) {
        return Optional.empty();
      }
      extents.add((int) resolved);
      size *= resolved;
    }
    return extents.size() > 2 || size != x.values.length ? Optional.empty() : Optional.of(new Ints(extents, x.values));
  }

  /** Along the first axis only, which is the one that exporters turn round. */
  private static Optional<Ints> slice(Ints x, List<Ints> in) {
    if (in.size() < 3 || x.shape.isEmpty() || in.subList(1, in.size()).stream().anyMatch(ints -> !ints.scalar())
        || in.size() > 3 && in.get(3).values[0] != 0) {
      return Optional.empty();
    }
    int rows = x.shape.getFirst();
    int width = rows == 0 ? 0 : x.values.length / rows;
    long step = in.size() > 4 ? Math.clamp(in.get(4).values[0], -MOST, MOST) : 1;
    if (step == 0) {
      return Optional.empty();
    }
    long start = clamp(in.get(1).values[0], rows, step);
    long end = clamp(in.get(2).values[0], rows, step);
    var values = new ArrayList<Long>();
    for (long row = start; step > 0 ? row < end : row > end; row += step) {
      for (int column = 0; column < width; column++) {
        values.add(x.values[(int) row * width + column]);
      }
    }
    var shape = new ArrayList<>(x.shape);
    shape.set(0, width == 0 ? 0 : values.size() / width);
    return Optional.of(new Ints(shape, values.stream().mapToLong(Long::longValue).toArray()));
  }

  /** A bound of a slice, counted from the end if negative and brought into the axis. */
  private static long clamp(long bound, int rows, long step) {
    long counted = bound < 0 && bound >= -rows ? bound + rows : bound;
    return step > 0 ? Math.clamp(counted, 0, rows) : Math.clamp(counted, -1, rows - 1);
  }

  private static Ints transpose(Ints x) {
    if (x.shape.size() != 2) {
      return x;
    }
    int rows = x.shape.get(0);
    int columns = x.shape.get(1);
    long[] turned = new long[x.values.length];
    for (int i = 0; i < rows * columns; i++) {
      turned[i % columns * rows + i / columns] = x.values[i];
    }
    return new Ints(List.of(columns, rows), turned);
  }
}
