package dev.lentil.mobilenetv2.selftest;

import dev.lentil.tensor.Tensor;
import java.util.OptionalDouble;

/** The worst error over a group of tensors. The error of a tensor is {@code ||actual - expected|| / ||expected||}. */
final class ErrorGroup {
  private final String name;
  private int tensors;
  private double worst;
  private String where = "";

  ErrorGroup(String name) {
    this.name = name;
  }

  static double relative(double[] actual, double[] expected) {
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      double d = actual[i] - expected[i];
      difference += d * d;
    }
    return difference == 0 ? 0 : Math.sqrt(difference) / norm(expected);
  }

  static double norm(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  ErrorGroup add(String tensor, Tensor actual, Tensor expected) {
    if (!actual.shape().equals(expected.shape())) {
      throw new IllegalArgumentException(
          "tensor '" + tensor + "' of the file is " + expected.shape() + ", the network's is "
              + actual.shape());
    }
    return add(tensor, relative(actual.doubles(), expected.doubles()));
  }

  ErrorGroup add(String tensor, double error) {
    // What is not a number is as wrong as can be.
    double e = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    if (tensors == 0 || e > worst) {
      worst = e;
      where = tensor;
    }
    tensors++;
    return this;
  }

  boolean isEmpty() {
    return tensors == 0;
  }

  SelfTestReport.Line judged(OptionalDouble limit) {
    return new SelfTestReport.Line(name, tensors, worst, where, limit);
  }
}
