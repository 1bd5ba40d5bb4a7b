package dev.lentil.weights.scheme;

import dev.lentil.weights.store.GraphNode;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.WeightFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A {@code Conv} of an ONNX graph as one of a MobileNetV2's. Source: ONNX's Operators.md, Conv and Pad.
 *
 * @param pads zeros above, left, below, right
 */
record GraphConvolution(GraphNode node, StoredTensor kernel, List<Long> pads, boolean same) {
  private static final List<Long> NO_PADS = List.of(0L, 0L, 0L, 0L);

  /**
   * @throws WeightFileException if it is not what the unit is in a MobileNetV2
   */
  static GraphConvolution of(Path file, GraphIndex graph, GraphNode node, ConvolutionUnit unit) {
    StoredTensor kernel = graph.constant(node.input(1)).orElseThrow(() -> new WeightFileException(file,
        "the kernel of the convolution '" + node.output() + "' is " + graph.notStored(node.input(1))));
    List<Long> shape = kernel.shape();
    boolean spatial = unit.part() == ConvolutionUnit.Part.STEM || unit.depthwise();
    long extent = spatial ? 3 : 1;
    long groups = unit.depthwise() && !shape.isEmpty() ? shape.getFirst() : 1;
    List<Long> strides = node.wholes("strides");
    long stride = strides.isEmpty() ? 1 : strides.getFirst();
    boolean fits = shape.size() == 4 && shape.get(2) == extent && shape.get(3) == extent
        && (!unit.depthwise() || shape.get(1) == 1) && node.whole("group", 1) == groups
        && stride == unit.stride() && strides.stream().allMatch(s -> s == stride)
        && node.wholes("dilations").stream().allMatch(d -> d == 1);
    if (!fits) {
      throw new WeightFileException(file, "the convolution '" + node.output() + "' with a kernel of shape " + shape
          + ", strides " + strides + " and " + node.whole("group", 1) + " groups stands where a MobileNetV2 has "
          + unit.convolution() + ", " + extent + "x" + extent + " with stride " + unit.stride()
          + "; this is another architecture");
    }
    return new GraphConvolution(node, kernel, pads(file, graph, node), node.text("auto_pad", "").equals("SAME_UPPER"));
  }

  private static List<Long> pads(Path file, GraphIndex graph, GraphNode node) {
    List<Long> own = node.wholes("pads").size() == 4 ? node.wholes("pads") : NO_PADS;
    Optional<GraphNode> before = graph.maker(node.input(0)).filter(maker -> maker.type().equals("Pad"));
    if (before.isEmpty()) {
      return own;
    }
    List<Long> all = before.get().wholes("pads");
    if (all.size() != 8 || !all.subList(0, 2).equals(Collections.nCopies(2, 0L))
        || !all.subList(4, 6).equals(Collections.nCopies(2, 0L))
        || !before.get().text("mode", "constant").equals("constant")) {
      throw new WeightFileException(file, "it cannot be told how '" + before.get().output()
          + "' pads the input of the convolution '" + node.output() + "'; simplify the model (onnxsim) first");
    }
    return List.of(own.get(0) + all.get(2), own.get(1) + all.get(3), own.get(2) + all.get(6), own.get(3) + all.get(7));
  }

  /** Whose padding this is; of a stride of 2. */
  enum Padded {
    KERAS, SYMMETRIC, EITHER, NEITHER
  }

  /**
   * Along an axis, by a stride of 2: Keras has zeros at the end alone of an even extent, else they are on both sides. Of
   * an even extent the last zero is read by no position of the kernel, and may be left out.
   *
   * @param axis 0 for rows, 1 for columns
   * @param extent of the input along it; 0 if it is free
   */
  Padded padded(int axis, long extent) {
    long before = pads.get(axis);
    long behind = pads.get(axis + 2);
    boolean even = extent > 0 && extent % 2 == 0;
    if (same || before == 0 && behind == 1) {
      return Padded.KERAS;
    }
    if (before != 1 || behind != 1 && !(behind == 0 && even)) {
      return Padded.NEITHER;
    }
    return even ? Padded.SYMMETRIC : Padded.EITHER;
  }

  boolean padsOnBothSides() {
    return pads.equals(List.of(1L, 1L, 1L, 1L));
  }

  boolean doesNotPad() {
    return same || pads.equals(NO_PADS);
  }
}
