package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.metrics.ConfusionMatrix;
import dev.lentil.metrics.KerasAuc;
import dev.lentil.metrics.RocAuc;
import dev.lentil.metrics.RocCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything there is to say about the predictions of one run.
 *
 * @param task what the model tells apart
 * @param subsets those that were predicted, in the order train, validation, test
 * @param operatingPoints on the test images; the first is the one to quote, see {@link #primary()}
 * @param validationSweep thresholds 0.00 to 1.00 on validation
 * @param testSweep thresholds 0.00 to 1.00 on test
 * @param roc of the test images
 * @param histogram of the probabilities of the test images
 * @param diagnoses how each diagnosis fared on test at the primary threshold
 * @param sevenClass the seven diagnoses told apart on test; absent for a binary model
 */
public record Evaluation(
    Task task,
    List<SubsetResult> subsets,
    List<OperatingPoint> operatingPoints,
    ThresholdSweep validationSweep,
    ThresholdSweep testSweep,
    RocCurve roc,
    ScoreHistogram histogram,
    List<DiagnosisResult> diagnoses,
    Optional<SevenClassResult> sevenClass) {
  /** Sensitivity of dermatologists in a reader study, at specificity 0.713: the default target. */
  public static final double TARGET_SENSITIVITY = 0.866;

  private static final double KERAS_THRESHOLD = 0.5;

  public Evaluation {
    subsets = List.copyOf(subsets);
    operatingPoints = List.copyOf(operatingPoints);
    diagnoses = List.copyOf(diagnoses);
  }

  /**
   * One subset.
   *
   * @param auc with its interval by lesions
   * @param kerasAuc Keras's 200-threshold AUC, for comparison with Keras's training logs
   */
  public record SubsetResult(
      Subset subset, int images, int lesions, int benign, int malignant, Interval auc, double kerasAuc) {}

  /** What a threshold was chosen by. */
  public enum Origin {
    /** Not chosen by any data. */
    FIXED,
    VALIDATION,
    /** The very images that it is judged by. */
    TEST;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A threshold, how it was chosen (name such as "highest accuracy"), and what it does on the test images. */
  public record OperatingPoint(String name, Origin origin, double threshold, ConfusionMatrix matrix) {
    /** The remark that an optimistic number must never be without. */
    public static final String OPTIMISTIC = "optimistic: threshold chosen on the test set";

    /** Whether the threshold was chosen on the very images it is judged by. */
    public boolean optimistic() {
      return origin == Origin.TEST;
    }

    /** Name and origin in one line. */
    public String title() {
      return switch (origin) {
        case FIXED -> name;
        case VALIDATION -> name + " on validation";
        case TEST -> name + " (" + OPTIMISTIC + ")";
      };
    }
  }

  /** How many test images of a diagnosis were called malignant at the primary threshold. */
  public record DiagnosisResult(Diagnosis diagnosis, int images, int calledMalignant) {
    /** Fraction that was put on the right side. */
    public double recall() {
      int right = diagnosis.malignant() ? calledMalignant : images - calledMalignant;
      return images == 0 ? 0 : (double) right / images;
    }
  }

  /** The seven diagnoses told apart. AUCs are of each against the rest, NaN for one without images. */
  public record SevenClassResult(ConfusionMatrix matrix, double macroAuc, List<Double> aucs) {}

  /**
   * Evaluates predictions of validation and test images, and of training images where there are any, with intervals from
   * {@link LesionBootstrap#DEFAULT}.
   */
  public static Evaluation of(Predictions predictions) {
    return of(predictions, LesionBootstrap.DEFAULT, TARGET_SENSITIVITY);
  }

  /**
   * Evaluates predictions.
   *
   * @param targetSensitivity of the last operating point, chosen on validation
   * @throws IllegalArgumentException if validation or test lacks benign or malignant images
   */
  public static Evaluation of(Predictions predictions, LesionBootstrap bootstrap, double targetSensitivity) {
    var subsets = new ArrayList<SubsetResult>();
    for (var subset : Subset.values()) {
      var part = predictions.of(subset);
      if (part.size() > 0 || subset != Subset.TRAIN) {
        subsets.add(subsetResult(subset, part, bootstrap));
      }
    }
    var validation = predictions.of(Subset.VALIDATION);
    var test = predictions.of(Subset.TEST);
    var points = operatingPoints(validation, test, targetSensitivity);
    return new Evaluation(
        predictions.task(),
        subsets,
        points,
        ThresholdSweep.onGrid(validation),
        ThresholdSweep.onGrid(test),
        RocCurve.of(test.labels(), test.probabilities()),
        ScoreHistogram.of(test),
        diagnosisResults(test, points.getFirst().threshold()),
        predictions.task() == Task.SEVEN_CLASS ? Optional.of(sevenClassResult(test)) : Optional.empty());
  }

  static SubsetResult subsetResult(Subset subset, Predictions part, LesionBootstrap bootstrap) {
    int malignant = Arrays.stream(part.labels()).sum();
    if (malignant == 0 || malignant == part.size()) {
      throw new IllegalArgumentException("Evaluation needs benign and malignant " + subset + " images; there are "
          + (part.size() - malignant) + " and " + malignant + ". Predict all images of the split.");
    }
    return new SubsetResult(subset, part.size(), part.lesions(), part.size() - malignant, malignant,
        bootstrap.auc(part), KerasAuc.of(part.labels(), part.probabilities()));
  }

  private static List<OperatingPoint> operatingPoints(Predictions validation, Predictions test, double target) {
    var onValidation = ThresholdSweep.atEveryScore(validation);
    return List.of(
        point("highest accuracy", Origin.VALIDATION, onValidation.maximumAccuracy(), test),
        point("fixed at 0.5", Origin.FIXED, KERAS_THRESHOLD, test),
        point("highest Youden index", Origin.VALIDATION, onValidation.maximumYouden(), test),
        point("sensitivity " + target, Origin.VALIDATION, onValidation.atSensitivity(target), test),
        // the paper's way: two decimals, on the test images themselves
        point("highest accuracy", Origin.TEST, ThresholdSweep.onGrid(test).maximumAccuracy(), test));
  }

  private static OperatingPoint point(String name, Origin origin, ThresholdSweep.Point chosen, Predictions test) {
    return point(name, origin, chosen.threshold(), test);
  }

  private static OperatingPoint point(String name, Origin origin, double threshold, Predictions test) {
    return new OperatingPoint(name, origin, threshold,
        ConfusionMatrix.atThreshold(test.labels(), test.probabilities(), threshold));
  }

  private static List<DiagnosisResult> diagnosisResults(Predictions test, double threshold) {
    return Arrays.stream(Diagnosis.values()).map(diagnosis -> {
      var rows = test.rows().stream().filter(row -> row.diagnosis() == diagnosis).toList();
      long called = rows.stream().filter(row -> row.probability() > threshold).count();
      return new DiagnosisResult(diagnosis, rows.size(), Math.toIntExact(called));
    }).toList();
  }

  private static SevenClassResult sevenClassResult(Predictions test) {
    var truth = test.diagnoses();
    var matrix = ConfusionMatrix.of(truth, test.predictedDiagnoses(), Diagnosis.values().length);
    var aucs = RocAuc.oneVersusRest(truth, test.classProbabilities());
    return new SevenClassResult(matrix, RocAuc.macroOneVersusRest(truth, test.classProbabilities()),
        Arrays.stream(aucs).boxed().toList());
  }

  /** The threshold of highest accuracy on validation: the paper's criterion, honestly applied. */
  public OperatingPoint primary() {
    return operatingPoints.getFirst();
  }

  /** The paper's way, marked optimistic: the threshold of highest accuracy on the test images themselves. */
  public OperatingPoint paperStyle() {
    return operatingPoints.getLast();
  }

  /** The result on the test images. */
  public SubsetResult test() {
    return subsets.getLast();
  }
}
