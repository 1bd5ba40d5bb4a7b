package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.metrics.ConfusionMatrix;
import dev.lentil.metrics.DecisionCurve;
import dev.lentil.metrics.Interval;
import dev.lentil.metrics.KerasAuc;
import dev.lentil.metrics.PrecisionRecallCurve;
import dev.lentil.metrics.RocAuc;
import dev.lentil.metrics.RocCurve;
import java.math.BigDecimal;
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
 * @param summary of the test images, in single numbers with intervals
 * @param fixedRates sensitivity at fixed specificity and the reverse
 * @param roc of the test images
 * @param precisionRecall of the test images
 * @param histogram of the probabilities of the test images
 * @param diagnoses how each diagnosis fared on test at the primary threshold
 * @param subgroups the test images by sex, age and place
 * @param calibration of the probabilities on test
 * @param decisionCurve what acting on the model's own probabilities is worth on test
 * @param calibratedDecisionCurve the same with the best calibrated probabilities
 * @param gallery test images to look at
 * @param baselines simple models on the same images
 * @param sevenClass the seven diagnoses told apart on test; absent for a binary model
 */
public record Evaluation(
    Task task,
    List<SubsetResult> subsets,
    List<OperatingPoint> operatingPoints,
    ThresholdSweep validationSweep,
    ThresholdSweep testSweep,
    TestSummary summary,
    List<FixedRate> fixedRates,
    RocCurve roc,
    PrecisionRecallCurve precisionRecall,
    ScoreHistogram histogram,
    List<DiagnosisResult> diagnoses,
    List<Subgroup> subgroups,
    Calibration calibration,
    DecisionCurve decisionCurve,
    DecisionCurve calibratedDecisionCurve,
    Gallery gallery,
    List<BaselineResult> baselines,
    Optional<SevenClassResult> sevenClass) {
  private static final double KERAS_THRESHOLD = 0.5;

  public Evaluation {
    subsets = List.copyOf(subsets);
    operatingPoints = List.copyOf(operatingPoints);
    fixedRates = List.copyOf(fixedRates);
    diagnoses = List.copyOf(diagnoses);
    subgroups = List.copyOf(subgroups);
    baselines = List.copyOf(baselines);
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
    /** Applies a threshold to the test images. */
    static OperatingPoint of(String name, Origin origin, double threshold, Predictions test) {
      return new OperatingPoint(name, origin, threshold,
          ConfusionMatrix.atThreshold(test.labels(), test.probabilities(), threshold));
    }

    /** The paper's criterion, honestly applied: the threshold is the most accurate one on validation. */
    static OperatingPoint highestAccuracy(Predictions validation, Predictions test) {
      return of("highest accuracy", Origin.VALIDATION,
          ThresholdSweep.atEveryScore(validation).maximumAccuracy().threshold(), test);
    }

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

  /**
   * How many test images of a diagnosis were called malignant at the primary threshold.
   *
   * @param onRightSide the fraction of them that was put on the right side, by lesions; absent without images
   */
  public record DiagnosisResult(
      Diagnosis diagnosis, int images, int lesions, int calledMalignant, Optional<Interval> onRightSide) {
    /** Fraction that was put on the right side. */
    public double recall() {
      int right = diagnosis.malignant() ? calledMalignant : images - calledMalignant;
      return images == 0 ? 0 : (double) right / images;
    }
  }

  /** The seven diagnoses told apart. AUCs are of each against the rest, NaN for one without images. */
  public record SevenClassResult(ConfusionMatrix matrix, double macroAuc, List<Double> aucs) {}

  /** Evaluates with {@link EvaluationOptions#DEFAULT} and no baselines. */
  public static Evaluation of(Predictions predictions) {
    return of(predictions, List.of(), EvaluationOptions.DEFAULT);
  }

  /**
   * Evaluates predictions of validation and test images, and of training images where there are any.
   *
   * @param baselines of the same split
   * @throws IllegalArgumentException if validation or test lacks benign or malignant images
   */
  public static Evaluation of(Predictions predictions, List<Baseline> baselines, EvaluationOptions options) {
    var bootstrap = options.bootstrap();
    var subsets = new ArrayList<SubsetResult>();
    for (var subset : Subset.values()) {
      var part = predictions.of(subset);
      if (part.size() > 0 || subset != Subset.TRAIN) {
        subsets.add(subsetResult(subset, part, bootstrap));
      }
    }
    var validation = predictions.of(Subset.VALIDATION);
    var test = predictions.of(Subset.TEST);
    var points = operatingPoints(validation, test, options);
    double threshold = points.getFirst().threshold();
    var roc = RocCurve.of(test.labels(), test.probabilities());
    var calibration = Calibration.of(validation, test);
    return new Evaluation(
        predictions.task(),
        subsets,
        points,
        ThresholdSweep.onGrid(validation),
        ThresholdSweep.onGrid(test),
        TestSummary.of(test, threshold, bootstrap),
        FixedRate.of(validation, test, roc),
        roc,
        PrecisionRecallCurve.of(test.labels(), test.probabilities()),
        ScoreHistogram.of(test),
        diagnosisResults(test, threshold, bootstrap.level()),
        Subgroup.of(test, threshold, bootstrap),
        calibration,
        DecisionCurve.of(test.labels(), test.probabilities()),
        DecisionCurve.of(test.labels(), test.probabilities(calibration.best())),
        Gallery.of(test, threshold),
        baselines.stream().map(baseline -> BaselineResult.of(baseline, test, threshold, bootstrap)).toList(),
        predictions.task() == Task.SEVEN_CLASS ? Optional.of(sevenClassResult(test)) : Optional.empty());
  }

  static SubsetResult subsetResult(Subset subset, Predictions part, LesionBootstrap bootstrap) {
    int malignant = Arrays.stream(part.labels()).sum();
    if (malignant == 0 || malignant == part.size()) {
      throw new IllegalArgumentException("evaluation needs benign and malignant " + subset + " images; there are "
          + (part.size() - malignant) + " and " + malignant + "; predict all images of the split");
    }
    return new SubsetResult(subset, part.size(), part.lesions(), part.size() - malignant, malignant,
        bootstrap.auc(part), KerasAuc.of(part.labels(), part.probabilities()));
  }

  private static List<OperatingPoint> operatingPoints(
      Predictions validation, Predictions test, EvaluationOptions options) {
    var onValidation = ThresholdSweep.atEveryScore(validation);
    double target = options.targetSensitivity();
    double cost = options.falseNegativeCost();
    return List.of(
        OperatingPoint.highestAccuracy(validation, test),
        OperatingPoint.of("fixed at 0.5", Origin.FIXED, KERAS_THRESHOLD, test),
        point("highest Youden index", onValidation.maximumYouden(), test),
        point("highest F1", onValidation.maximumF1(), test),
        point("sensitivity " + target, onValidation.atSensitivity(target), test),
        point("least cost, a miss as bad as " + plain(cost) + " false alarms", onValidation.minimumCost(cost), test),
        // the paper's way: two decimals, on the test images themselves
        OperatingPoint.of("highest accuracy", Origin.TEST, ThresholdSweep.onGrid(test).maximumAccuracy().threshold(),
            test));
  }

  private static OperatingPoint point(String name, ThresholdSweep.Point onValidation, Predictions test) {
    return OperatingPoint.of(name, Origin.VALIDATION, onValidation.threshold(), test);
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  private static List<DiagnosisResult> diagnosisResults(Predictions test, double threshold, double level) {
    return Arrays.stream(Diagnosis.values()).map(diagnosis -> {
      var part = test.where(row -> row.diagnosis() == diagnosis);
      long called = part.rows().stream().filter(row -> row.calledMalignant(threshold)).count();
      return new DiagnosisResult(diagnosis, part.size(), part.lesions(), Math.toIntExact(called),
          part.size() == 0 ? Optional.empty() : Optional.of(TestSummary.right(part, threshold, level)));
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

  /** The result on the test images. */
  public SubsetResult test() {
    return subsets.getLast();
  }
}
