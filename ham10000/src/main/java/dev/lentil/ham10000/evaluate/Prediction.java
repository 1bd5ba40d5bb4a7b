package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split;
import java.util.Arrays;
import java.util.List;

/**
 * What a model said about one image, beside the truth.
 *
 * @param imageId HAM10000's image_id
 * @param lesionId HAM10000's lesion_id; images of one lesion are not independent
 * @param diagnosis the truth
 * @param patient whose lesion it is
 * @param subset which the image belongs to
 * @param probability of being malignant, 0..1
 * @param classProbabilities of the seven diagnoses, in their order; empty for a binary model
 */
public record Prediction(
    String imageId,
    String lesionId,
    Diagnosis diagnosis,
    Patient patient,
    Split.Subset subset,
    double probability,
    List<Double> classProbabilities) {
  public Prediction {
    requireProbability(imageId, probability);
    classProbabilities = List.copyOf(classProbabilities);
    classProbabilities.forEach(p -> requireProbability(imageId, p));
    int classes = classProbabilities.size();
    if (classes != 0 && classes != Diagnosis.values().length) {
      throw new IllegalArgumentException(
          "image " + imageId + " has " + classes + " class probabilities, neither none nor "
              + Diagnosis.values().length);
    }
  }

  /** The answer of a binary model. */
  public static Prediction binary(Split.Member member, double probability) {
    return new Prediction(
        member.imageId(), member.row().lesionId(), member.row().diagnosis(), Patient.of(member.row()), member.subset(),
        probability, List.of());
  }

  /**
   * The answer of a model with seven classes: the probability of malignancy is the sum over the malignant diagnoses.
   *
   * @param probabilities of the diagnoses, [7], in their order
   */
  public static Prediction sevenClass(Split.Member member, double[] probabilities) {
    return new Prediction(member.imageId(), member.row().lesionId(), member.row().diagnosis(), Patient.of(member.row()),
        member.subset(), Diagnosis.malignancy(probabilities), Arrays.stream(probabilities).boxed().toList());
  }

  /** 1 malignant, 0 benign. */
  public int label() {
    return diagnosis.malignant() ? 1 : 0;
  }

  /** Malignant where the probability is strictly above the threshold, as in Keras. */
  public boolean calledMalignant(double threshold) {
    return probability > threshold;
  }

  private static void requireProbability(String imageId, double p) {
    // also true of NaN
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("probability of " + imageId + " is " + p + ", not between 0 and 1");
    }
  }
}
