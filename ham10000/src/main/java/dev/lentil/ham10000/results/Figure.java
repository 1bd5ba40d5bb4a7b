package dev.lentil.ham10000.results;

import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.EvaluationText;
import dev.lentil.ham10000.evaluate.FixedRate;
import dev.lentil.metrics.ConfusionMatrix;
import dev.lentil.metrics.Interval;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** A figure of the test images: its name, its value, and its interval where there is one. */
record Figure(String name, ToDoubleFunction<Evaluation> value, Function<Evaluation, Optional<Interval>> interval) {
  static final Figure AUC = interval("test AUC", evaluation -> evaluation.test().auc());
  static final Figure ACCURACY = interval("accuracy", evaluation -> evaluation.summary().accuracy());
  static final Figure RECALL_AT_80 = plain("recall", evaluation -> at80(evaluation).sensitivity());
  static final Figure SPECIFICITY_AT_80 = plain("its specificity", evaluation -> at80(evaluation).specificity());

  /** What needs no threshold, or one that keeps a specificity. */
  static final List<Figure> RANKING = List.of(AUC,
      interval("average precision", evaluation -> evaluation.summary().averagePrecision()), RECALL_AT_80,
      SPECIFICITY_AT_80);

  /** At the threshold of highest accuracy on validation. */
  static final List<Figure> AT_THRESHOLD = List.of(ACCURACY,
      interval("sensitivity", evaluation -> evaluation.summary().sensitivity()),
      interval("specificity", evaluation -> evaluation.summary().specificity()),
      interval("balanced accuracy", evaluation -> evaluation.summary().balancedAccuracy()),
      interval("MCC", evaluation -> evaluation.summary().matthews()),
      interval("F1", evaluation -> evaluation.summary().f1()));

  private static Figure interval(String name, Function<Evaluation, Interval> of) {
    return new Figure(name, evaluation -> of.apply(evaluation).estimate(), of.andThen(Optional::of));
  }

  private static Figure plain(String name, ToDoubleFunction<Evaluation> of) {
    return new Figure(name, of, _ -> Optional.empty());
  }

  /** On test, at the threshold that keeps a specificity of 0.80 on validation. */
  private static ConfusionMatrix at80(Evaluation evaluation) {
    return evaluation.fixedRates().stream()
        .filter(rate -> rate.held() == FixedRate.Rate.SPECIFICITY && rate.target() == Targets.SPECIFICITY)
        .findFirst().orElseThrow().point().matrix();
  }

  /** Of one network or ensemble. */
  String of(Evaluation evaluation) {
    return interval.apply(evaluation).map(EvaluationText::bounds)
        .orElseGet(() -> EvaluationText.fixed(value.applyAsDouble(evaluation)));
  }
}
