package dev.lentil.backend.cuda;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.plan.Step;
import dev.lentil.plan.Target;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Batch normalisation forward and back, with what comes after it in the same pass. */
record NormalizationOps(Bindings at, Folds folds) {
  private static final String FORWARD = "normalize.cu";
  private static final String STATISTICS = "batch_statistics.cu";
  private static final String BACKWARD = "normalize_gradient.cu";

  /**
   * The first stage of sums over rows.
   *
   * @param partial where the groups' parts lie: of each channel's product, then of each channel's sum
   */
  record Sums(long partial, Groups groups) {}

  // ---- forward ----

  void forward(List<Op> ops, Step.Normalize s) {
    long saved = folds.movingStatistics(s.layer(), at.channels(s.x()));
    ops.add(normalize("normalize", s.layer(), s.x(), saved, at.address(s.y())));
  }

  void forward(List<Op> ops, Step.NormalizeBatch s) {
    statistics(ops, s);
    ops.add(normalize("normalize", s.layer(), s.x(), at.address(s.saved()), at.address(s.y())));
  }

  void forward(List<Op> ops, Step.FinishNormalization s) {
    Step.NormalizeBatch norm = s.normalization().norm();
    if (s.other().isPresent()) {
      ops.add(normalize("normalize_add", norm.layer(), norm.x(), at.address(norm.saved()), at.address(s.y()),
          at.address(s.other().getAsInt())));
    } else {
      ops.add(normalized(s.normalization(), at.address(s.y())));
    }
  }

  /** Normalisation with known statistics and the ReLU6 after it, written to an address. */
  Op normalized(Step.Normalization s, long y) {
    return normalize(s.relu().isPresent() ? "normalize_relu6" : "normalize", s.norm().layer(), s.norm().x(),
        at.address(s.norm().saved()), y);
  }

  private Op normalize(String kernel, Layer.BatchNorm layer, int x, long saved, long y, Object... more) {
    int channels = at.channels(x);
    return at.launch(FORWARD, kernel, at.columns(channels).rows(at.rows(x)), Bindings.and(more, at.address(x), saved,
        at.parameter(layer, "gamma"), at.parameter(layer, "beta"), y, at.rows(x), channels));
  }

  /** Takes the statistics of what is normalised, in a pass over it. */
  void statistics(List<Op> ops, Step.NormalizeBatch s) {
    int channels = at.channels(s.x());
    int rows = at.rows(s.x());
    Groups groups = Groups.of(rows, at.columns(channels));
    long partial = statisticsScratch(groups, channels);
    ops.add(at.launch(STATISTICS, "batch_statistics", at.columns(channels).grid(groups.count()), at.address(s.x()),
        partial, rows, groups.rows(), channels));
    ops.add(finishStatistics(s, partial, groups));
  }

  /** For what the first stage leaves: means, squares and one count for each group. */
  long statisticsScratch(Groups groups, int channels) {
    return at.scratch(4L * groups.count() * (2 * channels + 1));
  }

  /** The second stage of the statistics, whoever did the first. */
  Op finishStatistics(Step.NormalizeBatch s, long partial, Groups groups) {
    int channels = at.channels(s.x());
    return at.launch(STATISTICS, "batch_statistics_finish", groups.secondStage(channels), partial,
        at.address(s.saved()), at.parameter(s.layer(), "moving_mean"), at.parameter(s.layer(), "moving_variance"),
        groups.count(), at.rows(s.x()), channels, s.layer().epsilon(), s.layer().momentum());
  }

  // ---- back ----

  void backward(List<Op> ops, Step.NormalizeBackward s) {
    Layer.BatchNorm layer = s.forward().layer();
    int dy = s.dy();
    int channels = at.channels(dy);
    long saved = folds.movingStatistics(layer, channels);
    if (s.forward().mode() != BatchNormMode.FROZEN) {
      Sums sums = sums(ops, "normalize_sums", dy, s.forward().x(), saved);
      ops.add(finishSums(layer, saved, dy, sums, at.scratch(12L * channels)));
    }
    s.dx().ifPresent(dx -> ops.add(at.launch(BACKWARD, Bindings.kernel("normalize_input_gradient", dx),
        at.columns(channels).rows(at.rows(dy)), at.address(dy), saved, at.parameter(layer, "gamma"),
        at.address(dx.value()), at.rows(dy), channels)));
  }

  void backward(List<Op> ops, Step.NormalizeBatchBackward s) {
    Step.NormalizeBatch norm = s.forward();
    long coefficients = at.scratch(12L * at.channels(s.dy()));
    Sums sums = sums(ops, "normalize_sums", s.dy(), norm.x(), at.address(norm.saved()));
    ops.add(finishSums(norm, sums, coefficients));
    s.dx().ifPresent(dx -> ops.add(inputGradient(Bindings.kernel("normalize_batch_input_gradient", dx), norm, s.dy(),
        coefficients, at.address(dx.value()))));
  }

  void backward(List<Op> ops, Step.FinishNormalizationBackward s) {
    Step.Normalization normalization = s.forward().normalization();
    Step.NormalizeBatch norm = normalization.norm();
    Sums sums = normalization.relu().isPresent()
        ? rectifiedSums(ops, norm, s.dy(), s.dnorm())
        : passingSums(ops, norm, s.dy(), s.other());
    ops.add(finishSums(norm, sums, at.address(s.coefficients())));
  }

  /** Takes {@code dy} back through ReLU6 to {@code dnorm}, which may be the same, and sums what the normalisation needs. */
  Sums rectifiedSums(List<Op> ops, Step.NormalizeBatch norm, int dy, int dnorm) {
    return sums(ops, "normalize_sums_relu6", dy, norm.x(), at.address(norm.saved()),
        at.parameter(norm.layer(), "gamma"), at.parameter(norm.layer(), "beta"), at.address(dnorm));
  }

  private Sums passingSums(List<Op> ops, Step.NormalizeBatch norm, int dy, Optional<Target> other) {
    long saved = at.address(norm.saved());
    if (other.isEmpty()) {
      return sums(ops, "normalize_sums", dy, norm.x(), saved);
    }
    String kernel = switch (other.get().mode()) {
      case WRITE -> "normalize_sums_copy";
      case ACCUMULATE -> "normalize_sums_accumulate";
    };
    return sums(ops, kernel, dy, norm.x(), saved, at.address(other.get().value()));
  }

  private Sums sums(List<Op> ops, String kernel, int dy, int x, long saved, Object... more) {
    int channels = at.channels(dy);
    Groups groups = Groups.of(at.rows(dy), at.columns(channels));
    long partial = at.scratch(8L * groups.count() * channels);
    ops.add(at.launch(BACKWARD, kernel, at.columns(channels).grid(groups.count()),
        Bindings.and(more, at.address(dy), at.address(x), saved, partial, at.rows(dy), groups.rows(), channels)));
    return new Sums(partial, groups);
  }

  /** The second stage: gradients of gamma and beta, and the coefficients of {@link Step.TrainConvolveBackward}. */
  Op finishSums(Step.NormalizeBatch norm, Sums sums, long coefficients) {
    return finishSums(norm.layer(), at.address(norm.saved()), norm.x(), sums, coefficients);
  }

  private Op finishSums(Layer.BatchNorm layer, long saved, int like, Sums sums, long coefficients) {
    int channels = at.channels(like);
    return at.launch(BACKWARD, "normalize_coefficients", sums.groups.secondStage(channels), sums.partial, saved,
        at.parameter(layer, "gamma"), at.gradient(layer, "gamma"), at.gradient(layer, "beta"), coefficients,
        sums.groups.count(), at.rows(like), channels);
  }

  /**
   * Where the gradient of a convolution's own result lies: in {@code dy}, or, with a normalisation after the convolution, in
   * scratch, made of the gradient of that one's result.
   */
  long madeRaw(List<Op> ops, Optional<Step.NormalizeBatch> after, int dy, OptionalInt coefficients) {
    if (after.isEmpty()) {
      return at.address(dy);
    }
    long raw = at.scratchLike(dy);
    ops.add(inputGradient("normalize_batch_input_gradient", after.get(), dy, at.address(coefficients.orElseThrow()),
        raw));
    return raw;
  }

  private Op inputGradient(String kernel, Step.NormalizeBatch norm, int dy, long coefficients, long dx) {
    int channels = at.channels(dy);
    return at.launch(BACKWARD, kernel, at.columns(channels).rows(at.rows(dy)), at.address(dy), at.address(norm.x()),
        at.address(norm.saved()), coefficients, dx, at.rows(dy), channels);
  }
}
