package dev.lentil.ham10000.data;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The seven diagnoses of HAM10000 in alphabetical order of their codes, which is also their class index.
 *
 * <p>Source: Tschandl, Rosendahl and Kittler, Scientific Data 5:180161, 2018. Which of them count as malignant follows Sari and Irawan 2026.
 */
public enum Diagnosis {
  AKIEC("akiec", "Actinic keratosis or intraepithelial carcinoma (Bowen's disease)", true),
  BCC("bcc", "Basal cell carcinoma", true),
  BKL("bkl", "Benign keratosis-like lesion", false),
  DF("df", "Dermatofibroma", false),
  MEL("mel", "Melanoma", true),
  NV("nv", "Melanocytic nevus", false),
  VASC("vasc", "Vascular lesion", false);

  private final String code;
  private final String fullName;
  private final boolean malignant;

  Diagnosis(String code, String fullName, boolean malignant) {
    this.code = code;
    this.fullName = fullName;
    this.malignant = malignant;
  }

  /** The value of column {@code dx}. */
  public String code() {
    return code;
  }

  public String fullName() {
    return fullName;
  }

  public boolean malignant() {
    return malignant;
  }

  /**
   * The probability that a lesion is malignant: the sum over the malignant diagnoses.
   *
   * @param probabilities of the diagnoses, [7], in their order
   */
  public static double malignancy(double[] probabilities) {
    double sum = 0;
    for (var diagnosis : values()) {
      sum += diagnosis.malignant ? probabilities[diagnosis.ordinal()] : 0;
    }
    // the sum of softmax outputs may pass 1 by a rounding error
    return Math.min(sum, 1);
  }

  /** The diagnosis with exactly this code. */
  public static Optional<Diagnosis> ofCode(String code) {
    return Arrays.stream(values()).filter(d -> d.code.equals(code)).findFirst();
  }

  static String allCodes() {
    return Arrays.stream(values()).map(Diagnosis::code).collect(Collectors.joining(", "));
  }
}
