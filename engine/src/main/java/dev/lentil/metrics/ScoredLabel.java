package dev.lentil.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A sample as curves see it. */
record ScoredLabel(double score, int label) {
  /** The samples, highest score first. */
  static List<ScoredLabel> descending(int[] labels, double[] scores) {
    Labels.requireSameLength(labels, scores);
    var samples = new ArrayList<ScoredLabel>(labels.length);
    for (int i = 0; i < labels.length; i++) {
      samples.add(new ScoredLabel(Labels.requireNumber(scores[i], i), Labels.requireClass(labels[i], 2, i)));
    }
    samples.sort(Comparator.comparingDouble(ScoredLabel::score).reversed());
    return samples;
  }
}
