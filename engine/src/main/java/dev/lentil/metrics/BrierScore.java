package dev.lentil.metrics;

/**
 * Mean squared difference between probability and label, with Murphy's decomposition over bins (Journal of Applied
 * Meteorology 12:595, 1973): score = reliability - resolution + uncertainty + within.
 *
 * @param score Brier, Monthly Weather Review 78:1, 1950; 0 is perfect
 * @param reliability how far the bins' mean probabilities are from what came true; 0 is perfect
 * @param resolution how far what came true in the bins is from the overall frequency; more is better
 * @param uncertainty f (1 - f) of the overall frequency f: the score of always answering f
 * @param within what binning hides: the rest, which is 0 where all probabilities of a bin are equal (Stephenson, Coelho and
 *     Jolliffe, Weather and Forecasting 23:752, 2008)
 */
public record BrierScore(double score, double reliability, double resolution, double uncertainty, double within) {
  /** Score and decomposition over the bins of a diagram of the same samples. */
  public static BrierScore of(int[] labels, double[] probabilities, Reliability diagram) {
    double score = score(labels, probabilities);
    double n = diagram.samples();
    double overall = diagram.bins().stream().mapToInt(Reliability.Bin::positives).sum() / n;
    double reliability = 0;
    double resolution = 0;
    for (var bin : diagram.bins()) {
      double off = bin.meanProbability() - bin.frequency();
      double apart = bin.frequency() - overall;
      reliability += bin.samples() * off * off / n;
      resolution += bin.samples() * apart * apart / n;
    }
    double uncertainty = overall * (1 - overall);
    return new BrierScore(score, reliability, resolution, uncertainty,
        score - (reliability - resolution + uncertainty));
  }

  /** The score alone. */
  public static double score(int[] labels, double[] probabilities) {
    Labels.requireSameLength(labels, probabilities);
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      double off = Labels.requireNumber(probabilities[i], i) - Labels.requireClass(labels[i], 2, i);
      sum += off * off;
    }
    return sum / labels.length;
  }
}
