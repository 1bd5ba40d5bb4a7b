package dev.lentil.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The reliability diagram: how often the positive class came true where which probability was given.
 *
 * @param bins those that hold samples, ascending
 */
public record Reliability(List<Bin> bins) {
  /**
   * One bin.
   *
   * @param lower probabilities above this (the first bin: from this on)
   * @param upper up to and including this
   * @param samples in it
   * @param positives among them
   * @param meanProbability what was said
   */
  public record Bin(double lower, double upper, int samples, int positives, double meanProbability) {
    /** What came true. */
    public double frequency() {
      return (double) positives / samples;
    }
  }

  public Reliability {
    bins = List.copyOf(bins);
  }

  /** Bins of equal width over 0..1, as scikit-learn's {@code calibration_curve} makes them. */
  public static Reliability equalWidth(int[] labels, double[] probabilities, int bins) {
    var edges = new double[bins + 1];
    Arrays.setAll(edges, i -> (double) i / bins);
    return of(labels, probabilities, edges);
  }

  /**
   * Bins that hold about as many samples each, between quantiles of the probabilities (scikit-learn's {@code
   * strategy="quantile"}). Ties stay together, so that there may be fewer bins.
   */
  public static Reliability equalMass(int[] labels, double[] probabilities, int bins) {
    double[] sorted = probabilities.clone();
    Arrays.sort(sorted);
    var edges = new double[bins + 1];
    Arrays.setAll(edges, i -> Quantile.of(sorted, (double) i / bins));
    return of(labels, probabilities, edges);
  }

  private static Reliability of(int[] labels, double[] probabilities, double[] edges) {
    Labels.requireSameLength(labels, probabilities);
    int count = edges.length - 1;
    var samples = new int[count];
    var positives = new int[count];
    var sums = new double[count];
    for (int i = 0; i < labels.length; i++) {
      double p = Labels.requireNumber(probabilities[i], i);
      int bin = 0;
      while (bin < count - 1 && p > edges[bin + 1]) {
        bin++;
      }
      samples[bin]++;
      positives[bin] += Labels.requireClass(labels[i], 2, i);
      sums[bin] += p;
    }
    var bins = new ArrayList<Bin>();
    for (int b = 0; b < count; b++) {
      if (samples[b] > 0) {
        bins.add(new Bin(edges[b], edges[b + 1], samples[b], positives[b], sums[b] / samples[b]));
      }
    }
    return new Reliability(bins);
  }

  /** Number of samples. */
  public int samples() {
    return bins.stream().mapToInt(Bin::samples).sum();
  }

  /**
   * Expected calibration error: the mean distance between what was said and what came true, bins weighted by their samples
   * (Naeini, Cooper and Hauskrecht, AAAI 2015). It depends on the bins, and noise alone makes it larger than 0.
   */
  public double expectedError() {
    return bins.stream().mapToDouble(b -> b.samples * Math.abs(b.meanProbability - b.frequency())).sum() / samples();
  }
}
