package dev.lentil.tensor;

/**
 * A shape and its values in row-major order, as float32 or float64. It is how data enters and leaves a backend, not a
 * place to calculate: it has no arithmetic. The array is shared, never copied, unless a method says so.
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
    public String toString() {
      return "f32" + shape;
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
    public String toString() {
      return "f64" + shape;
    }
  }

  private static void requireSize(Shape shape, int length) {
    if (shape.size() != length) {
      throw new IllegalArgumentException("shape " + shape + " needs " + shape.size() + " values, got " + length);
    }
  }
}
