package dev.lentil.weights.scheme;

import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** The order of a weight's axes in a file. Each turns a tensor to Lentil's order, which is Keras's, and back. */
public enum Layout {
  /** As Lentil has it. */
  SAME,
  /** A convolution {@code [out,in,kh,kw]}, here {@code [kh,kw,in,out]}. */
  OIHW(2, 3, 1, 0),
  /** A depthwise convolution {@code [c,1,kh,kw]}, here {@code [kh,kw,c,1]}. */
  DEPTHWISE_OIHW(2, 3, 0, 1),
  /** A dense layer {@code [out,in]}, here {@code [in,out]}. */
  OUT_IN(1, 0),
  /** A dense layer as a convolution {@code [1,1,in,out]}, here {@code [in,out]}. */
  ONE_BY_ONE;

  /** The source axis of each of Lentil's axes; empty if no axis moves. */
  private final int[] axes;

  Layout(int... axes) {
    this.axes = axes;
  }

  /** How many axes a tensor in the file has; 0 means any number. */
  int rank() {
    return this == ONE_BY_ONE ? 4 : axes.length;
  }

  /** A tensor from a file in Lentil's order. */
  public Tensor toLentil(Tensor tensor) {
    if (this == ONE_BY_ONE) {
      int[] extents = tensor.shape().toArray();
      return withShape(tensor, Shape.of(extents[2], extents[3]));
    }
    return axes.length == 0 ? tensor : permuted(tensor, axes);
  }

  /** A tensor of Lentil's as the file has it. */
  public Tensor fromLentil(Tensor tensor) {
    if (this == ONE_BY_ONE) {
      return withShape(tensor, Shape.of(1, 1, tensor.shape().extent(0), tensor.shape().extent(1)));
    }
    int[] inverse = new int[axes.length];
    for (int axis = 0; axis < axes.length; axis++) {
      inverse[axes[axis]] = axis;
    }
    return axes.length == 0 ? tensor : permuted(tensor, inverse);
  }

  private static Tensor withShape(Tensor tensor, Shape shape) {
    return switch (tensor) {
      case Tensor.F32(_, float[] values) -> Tensor.of(shape, values);
      case Tensor.F64(_, double[] values) -> Tensor.of(shape, values);
    };
  }

  private static Tensor permuted(Tensor tensor, int[] axes) {
    int[] from = tensor.shape().toArray();
    int[] to = IntStream.of(axes).map(axis -> from[axis]).toArray();
    int[] strides = new int[from.length];
    int stride = 1;
    for (int axis = from.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= from[axis];
    }
    IntUnaryOperator source = index -> {
      int rest = index;
      int at = 0;
      for (int axis = to.length - 1; axis >= 0; axis--) {
        at += rest % to[axis] * strides[axes[axis]];
        rest /= to[axis];
      }
      return at;
    };
    return switch (tensor) {
      case Tensor.F32(_, float[] values) -> {
        var moved = new float[values.length];
        for (int i = 0; i < moved.length; i++) {
          moved[i] = values[source.applyAsInt(i)];
        }
        yield Tensor.of(Shape.of(to), moved);
      }
      case Tensor.F64(_, double[] values) -> {
        var moved = new double[values.length];
        for (int i = 0; i < moved.length; i++) {
          moved[i] = values[source.applyAsInt(i)];
        }
        yield Tensor.of(Shape.of(to), moved);
      }
    };
  }
}
