package dev.lentil.bench.gpu;

import dev.lentil.backend.Precision;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Window;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Step;
import dev.lentil.plan.Step.ParameterGradients;
import dev.lentil.plan.Target;
import java.util.Arrays;
import java.util.Optional;

/**
 * The elements of activations and their gradients that the CUDA backend's kernels read and write in a plan: counted from its
 * steps, each tensor once for each pass over it, as if caches held what windows share and nothing else. Not counted: parameters,
 * statistics, partial sums, the update. Of the steps that only the processor has, what they read and write once.
 */
final class StepTraffic {
  private final Plan plan;

  private StepTraffic(Plan plan) {
    this.plan = plan;
  }

  /** Of the whole batch, for each of the plan's steps. */
  static long[] each(Plan plan) {
    return plan.steps().stream().mapToLong(new StepTraffic(plan)::elements).toArray();
  }

  /** Of the whole batch and the whole plan. */
  static long elements(Plan plan) {
    return Arrays.stream(each(plan)).sum();
  }

  /** Bytes of an element where activations are stored so. */
  static int bytes(Precision precision) {
    return precision == Precision.BFLOAT16 ? Short.BYTES : Float.BYTES;
  }

  private long elements(Step step) {
    return switch (step) {
      case Step.Forward s -> forward(s);
      case Step.Backward s -> backward(s);
      case Step.ComputeLoss s -> size(s.logits()) + size(s.dlogits());
      case Step.AddUpBackward s -> s.da().map(t -> size(s.dy()) + written(t)).orElse(0L)
          + s.db().map(t -> size(s.dy()) + written(t)).orElse(0L);
      case Step.FinishNormalizationBackward s -> size(s.dy()) + size(s.forward().normalization().norm().x())
          + (s.forward().normalization().relu().isPresent() ? size(s.dnorm()) : 0)
          + s.other().map(this::written).orElse(0L);
      case Step.Update _ -> 0;
    };
  }

  private long forward(Step.Forward step) {
    long y = size(step.y());
    return switch (step) {
      case Step.Convolve s -> columns(s.window(), s.x()) + y + (s.layer().bias() ? 2 * y : 0);
      // The convolution's bare sums, written and read.
      case Step.RectifiedDepthwise s ->
          columns(s.convolution().window(), s.convolution().x()) + 2 * size(s.convolution().y()) + y;
      case Step.FusedConvolve s -> columns(s.window(), s.x()) + 3 * y + (s.residual().isPresent() ? y : 0);
      case Step.Multiply s -> size(s.x()) + 3 * y;
      // What a depthwise convolution normalises and measures, it does on its way; a product is measured in a pass of its own.
      case Step.TrainConvolve s -> forward(s.convolution())
          + (s.after().isPresent() && s.convolution() instanceof Step.Convolve ? y : 0);
      case Step.NormalizeBatch s -> 2 * size(s.x()) + y;
      case Step.FinishNormalization s ->
          size(s.normalization().norm().x()) + y + (s.other().isPresent() ? y : 0);
      case Step.AddUp _ -> 3 * y;
      case Step.FusedInvertedResidual _ -> once(step);
      case Step.Unary s -> size(s.x()) + y;
    };
  }

  private long backward(Step.Backward step) {
    long dy = size(step.dy());
    long dx = step.dx().map(this::written).orElse(0L);
    return switch (step) {
      case Step.ConvolveBackward s -> convolution(s.forward(), s.dx(), s.parameters());
      case Step.MultiplyBackward s ->
          (s.parameters() == ParameterGradients.WANTED ? size(s.forward().x()) + 2 * dy : 0) + dy + dx;
      case Step.TrainConvolveBackward s -> switch (s.forward().convolution()) {
        // Raw, in a pass that reads two tensors and writes one; a depthwise convolution makes it so on its way.
        case Step.Convolve f -> (s.forward().after().isPresent() ? 3 * dy : 0) + convolution(f, s.dx(), s.parameters());
        case Step.DepthwiseConvolve _ -> dy + (s.forward().after().isPresent() ? dy : 0) + size(s.forward().x()) + dx;
      };
      case Step.DepthwiseConvolveBackward s -> dy + size(s.forward().x()) + dx;
      case Step.NormalizeBackward s ->
          (s.forward().mode() == BatchNormMode.FROZEN ? 0 : 2 * dy) + (dx == 0 ? 0 : dy + dx);
      case Step.NormalizeBatchBackward _ -> 2 * dy + (dx == 0 ? 0 : 2 * dy + dx);
      case Step.RectifyBackward _ -> 2 * dy + dx;
      case Step.AveragePoolBackward _, Step.DropOutBackward _ -> dy + dx;
      case Step.ExpandedBackward _ -> once(step);
    };
  }

  private long convolution(Step.Convolve f, Optional<Target> dx, ParameterGradients parameters) {
    long dy = size(f.y());
    return (parameters == ParameterGradients.WANTED ? columns(f.window(), f.x()) + dy : 0)
        + dx.map(target -> dy + written(target)).orElse(0L);
  }

  /** What a product reads: the input, or columns that are made of it before. */
  private long columns(Window w, int x) {
    if (w.isPointwise()) {
      return size(x);
    }
    long columns =
        (long) plan.batch() * w.outH() * w.outW() * w.kernelH() * w.kernelW() * plan.value(x).shape().extent(-1);
    return size(x) + 2 * columns;
  }

  private long once(Step step) {
    return step.reads().stream().mapToLong(this::size).sum() + step.writes().stream().mapToLong(this::size).sum();
  }

  private long written(Target target) {
    return target.mode() == Target.Mode.ACCUMULATE ? 2 * size(target.value()) : size(target.value());
  }

  private long size(int value) {
    return plan.value(value).size(plan.batch());
  }
}
