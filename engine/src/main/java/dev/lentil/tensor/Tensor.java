package dev.lentil.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A shape and its values in row-major order, as float32 or float64. Data enters and leaves a backend as tensors. A tensor
 * has no arithmetic. The array is shared, never copied, unless a method says so.
 *
 * <p>Two tensors are equal if they have the same type, shape and values; NaN equals NaN, and 0 does not equal -0.
 * Writing to the array changes equality and the hash code, so do not use a tensor as the key of a map.
 */
public sealed interface Tensor {
  Shape shape();

  /** The element at a row-major position. */
  double get(int index);

  /** The values as float32: the tensor's own array if it holds float32, otherwise a rounded copy. */
  float[] floats();

  /** The values as float64: the tensor's own array if it holds float64, otherwise a widened copy. */
  double[] doubles();

  /** A tensor with its own copy of the values. */
  Tensor copy();

  /** Whether no value is infinite or NaN. */
  default boolean isFinite() {
    int size = shape().size();
    for (int i = 0; i < size; i++) {
      if (!Double.isFinite(get(i))) {
        return false;
      }
    }
    return true;
  }

  static Tensor of(Shape shape, float... values) {
    return new F32(shape, values);
  }

  static Tensor of(Shape shape, double... values) {
    return new F64(shape, values);
  }

  /** float32 values. */
  record F32(Shape shape, float[] floats) implements Tensor {
    public F32 {
      requireSize(shape, floats.length);
    }

    @Override
    public double get(int index) {
      return floats[index];
    }

    @Override
    public double[] doubles() {
      double[] wide = new double[floats.length];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = floats[i];
      }
      return wide;
    }

    @Override
    public Tensor copy() {
      return new F32(shape, floats.clone());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof F32(Shape s, float[] v) && shape.equals(s) && Arrays.equals(floats, v);
    }

    @Override
    public int hashCode() {
      return 31 * shape.hashCode() + Arrays.hashCode(floats);
    }

    /** The shape and the first values: {@code f32[2,3] 0.5, 1.0, ...}. */
    @Override
    public String toString() {
      return "f32" + shape + " " + firstValues(this);
    }
  }

  /** float64 values. */
  record F64(Shape shape, double[] doubles) implements Tensor {
    public F64 {
      requireSize(shape, doubles.length);
    }

    @Override
    public double get(int index) {
      return doubles[index];
    }

    @Override
    public float[] floats() {
      float[] narrow = new float[doubles.length];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (float) doubles[i];
      }
      return narrow;
    }

    @Override
    public Tensor copy() {
      return new F64(shape, doubles.clone());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof F64(Shape s, double[] v) && shape.equals(s) && Arrays.equals(doubles, v);
    }

    @Override
    public int hashCode() {
      return 31 * shape.hashCode() + Arrays.hashCode(doubles);
    }

    /** The shape and the first values: {@code f64[2,3] 0.5, 1.0, ...}. */
    @Override
    public String toString() {
      return "f64" + shape + " " + firstValues(this);
    }
  }

  private static String firstValues(Tensor tensor) {
    int size = tensor.shape().size();
    int shown = Math.min(size, 8);
    String first = IntStream.range(0, shown)
        .mapToObj(i -> tensor instanceof F32 f ? Float.toString(f.floats()[i]) : Double.toString(tensor.get(i)))
        .collect(Collectors.joining(", "));
    return shown < size ? first + ", ..." : first;
  }

  private static void requireSize(Shape shape, int length) {
    if (shape.size() != length) {
      throw new IllegalArgumentException("shape " + shape + " needs " + shape.size() + " values, got " + length);
    }
  }
}
