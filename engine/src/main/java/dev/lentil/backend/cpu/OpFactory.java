package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.TrainDepthwiseBackwardOp.Result;
import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Window;
import dev.lentil.plan.Activation;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Step;
import dev.lentil.plan.Target;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Chooses the {@link Op} for each {@link Step}. */
record OpFactory(Plan plan, CpuParameters parameters, Kernels kernels) {

  Op op(Step step) {
    return switch (step) {
      case Step.Convolve s -> convolve(s);
      case Step.FusedConvolve s -> fused(s);
      case Step.Multiply s -> {
        var source = new Folded.Source(s.layer().name() + "/kernel", channels(s.y()),
            Optional.of(s.layer().name() + "/bias"), Optional.empty());
        yield convolve(Window.PIXEL, channels(s.x()), source, Finish.STORE, OptionalInt.empty(), s.x(), s.y());
      }
      case Step.DepthwiseConvolve s -> depthwise(s);
      case Step.FusedDepthwise s -> fused(s);
      // Not among CpuDevice.fusions(), so the planner makes none.
      case Step.RectifiedDepthwise _ ->
          throw new IllegalArgumentException("the cpu backend does not run " + step);
      case Step.FusedInvertedResidual s ->
          new InvertedResidualOp(kernels, s.expand().map(this::fused), groups(s.depthwise()),
              fused(s.project()), s, channels(s.x()));
      case Step.Normalize s -> new NormalizeOp(kernels, norm(s.layer(), s.y()), rows(s.y()),
          s.x(), s.y());
      case Step.NormalizeBatch s ->
          new NormalizeBatchOp(s, moments(s), input(s, Finish.STORE), rows(s.x()), channels(s.x()));
      case Step.TrainConvolve s -> train(s);
      case Step.FinishNormalization s ->
          new FinishNormalizationOp(kernels, s, input(s.normalization()), rows(s.y()), channels(s.y()));
      case Step.Rectify s -> new SimpleOps.Rectify(kernels, size(s.y()), s.x(), s.y());
      case Step.AddUp s -> new SimpleOps.AddUp(kernels, size(s.y()), s.a(), s.b(), s.y());
      case Step.AveragePool s -> new SimpleOps.AveragePool(kernels, rows(s.x()), channels(s.x()), s.x(), s.y());
      case Step.DropOut s -> new SimpleOps.DropOut(size(s.y()), s, s.x(), s.y(), Finish.STORE);
      case Step.ApplySigmoid s -> new SimpleOps.ApplySigmoid(size(s.y()), s.x(), s.y());
      case Step.ApplySoftmax s -> new SimpleOps.ApplySoftmax(rows(s.y()), channels(s.y()), s.x(), s.y());
      case Step.ComputeLoss s -> new LossOp(s, plan.batch(), size(s.logits()));
      case Step.ConvolveBackward s -> new ConvolveBackwardOp(kernels, parameters, s.forward().layer().name(),
          s.forward().window(), channels(s.forward().x()), channels(s.forward().y()), s.forward().layer().bias(),
          s.forward().x(), s.dy(), s.dx(), s.parameters());
      case Step.MultiplyBackward s -> new ConvolveBackwardOp(kernels, parameters, s.forward().layer().name(),
          Window.PIXEL, channels(s.forward().x()), channels(s.forward().y()), true, s.forward().x(), s.dy(), s.dx(),
          s.parameters());
      case Step.DepthwiseConvolveBackward s ->
          new DepthwiseBackwardOp(kernels, s, gradient(s.forward()), channels(s.dy()));
      case Step.NormalizeBackward s -> new NormalizeBackwardOp(kernels, parameters,
          norm(s.forward().layer(), s.dy()), s, rows(s.dy()), channels(s.dy()));
      case Step.NormalizeBatchBackward s ->
          new NormalizeBatchBackwardOp(s, input(s.forward(), Finish.STORE), sums(s.forward()),
              new RawGradient(kernels, channels(s.dy())), rows(s.dy()), channels(s.dy()));
      case Step.TrainConvolveBackward s -> train(s);
      case Step.ExpandedBackward s -> train(s);
      case Step.FinishNormalizationBackward s -> new FinishNormalizationBackwardOp(kernels, s,
          input(s.forward().normalization()), sums(s.forward().normalization().norm()), rows(s.dy()), channels(s.dy()));
      case Step.RectifyBackward s -> new SimpleOps.RectifyBackward(kernels, size(s.dy()), s);
      case Step.AddUpBackward s -> new SimpleOps.AddUpBackward(kernels, size(s.dy()), s.dy(),
          List.of(s.da(), s.db()).stream().flatMap(Optional::stream).toList());
      case Step.AveragePoolBackward s ->
          new SimpleOps.AveragePoolBackward(rows(s.forward().x()), channels(s.dy()), s.dy(), s.dx().orElseThrow());
      case Step.DropOutBackward s -> new SimpleOps.DropOut(size(s.dy()), s.forward(), s.dy(),
          s.dx().orElseThrow().value(), finish(s.dx().orElseThrow()));
      case Step.Update s -> new UpdateOp(kernels, parameters, s);
    };
  }

  private ConvolveOp convolve(Step.Convolve s) {
    var source =
        new Folded.Source(s.layer().name() + "/kernel", channels(s.y()), biasOf(s.layer()), Optional.empty());
    return convolve(s.window(), channels(s.x()), source, Finish.STORE, OptionalInt.empty(), s.x(), s.y());
  }

  private DepthwiseOp depthwise(Step.DepthwiseConvolve s) {
    return depthwise(s.window(), s.layer().name(), Optional.empty(), Finish.STORE, s.x(), s.y());
  }

  private Op train(Step.TrainConvolve s) {
    Optional<NormalizedInput> before = s.before().map(this::input);
    Optional<BatchMoments> after = s.after().map(this::moments);
    return switch (s.convolution()) {
      case Step.Convolve f ->
          new TrainConvolveOp(convolve(f), s, before, after, f.window().isPointwise() ? 1 : f.window().outW());
      case Step.DepthwiseConvolve f ->
          new TrainDepthwiseOp(depthwise(f), s, f.window(), before, after, channels(s.y()));
    };
  }

  private Op train(Step.TrainConvolveBackward s) {
    Step.TrainConvolve forward = s.forward();
    Optional<NormalizedInput> before = forward.before().map(this::input);
    Optional<GradientSums> sums = forward.before().map(normalization -> sums(normalization.norm()));
    Optional<RawGradient> after = forward.after().map(_ -> new RawGradient(kernels, channels(forward.y())));
    return switch (forward.convolution()) {
      case Step.Convolve f -> new TrainConvolveBackwardOp(kernels, parameters, s, f, channels(forward.x()),
          channels(forward.y()), before, sums, after);
      case Step.DepthwiseConvolve f -> new TrainDepthwiseBackwardOp(kernels, forward, s.dy(), s.coefficients(),
          s.parameters(), gradient(f), channels(forward.y()), before, sums, after,
          s.dx().<Result>map(dx -> new Result.Stored(dx, s.dxCoefficients())).orElseGet(Result.None::new));
    };
  }

  private Op train(Step.ExpandedBackward s) {
    Step.TrainConvolve forward = s.depthwise();
    Step.Normalization before = forward.before().orElseThrow();
    var expansion = new ExpansionGradient(kernels, parameters, s, channels(s.expansion().x()), channels(forward.x()),
        rows(forward.x()));
    return new TrainDepthwiseBackwardOp(kernels, forward, s.dy(), s.coefficients(), s.depthwiseParameters(),
        gradient((Step.DepthwiseConvolve) forward.convolution()), channels(forward.y()), Optional.of(input(before)),
        Optional.of(sums(before.norm())), forward.after().map(_ -> new RawGradient(kernels, channels(forward.y()))),
        new Result.Expanded(expansion));
  }

  private DepthwiseGradient gradient(Step.DepthwiseConvolve s) {
    return DepthwiseGradient.of(kernels, parameters, s.layer().name(), s.window(), channels(s.y()));
  }

  private NormalizedInput input(Step.Normalization s) {
    return input(s.norm(), s.relu().isPresent() ? Finish.RELU6 : Finish.STORE);
  }

  private NormalizedInput input(Step.NormalizeBatch norm, Finish finish) {
    return new NormalizedInput(kernels, parameters, norm, finish, channels(norm.x()));
  }

  private BatchMoments moments(Step.NormalizeBatch norm) {
    return new BatchMoments(kernels, parameters, norm, channels(norm.x()));
  }

  private GradientSums sums(Step.NormalizeBatch norm) {
    return new GradientSums(parameters, norm, channels(norm.x()));
  }

  private ConvolveOp fused(Step.FusedConvolve s) {
    var source = new Folded.Source(s.layer().name() + "/kernel", channels(s.y()), biasOf(s.layer()), s.norm());
    Finish finish = s.residual().isPresent() ? Finish.ADD_RESIDUAL : finish(s.activation());
    return convolve(s.window(), channels(s.x()), source, finish, s.residual(), s.x(), s.y());
  }

  private DepthwiseOp fused(Step.FusedDepthwise s) {
    return depthwise(s.window(), s.layer().name(), s.norm(), finish(s.activation()), s.x(), s.y());
  }

  private DepthwiseGroups groups(Step.FusedDepthwise s) {
    Folded.Source source = depthwiseSource(s.layer().name(), s.y(), s.norm());
    return new DepthwiseGroups(kernels, GroupedKernel.of(kernels, parameters, source, s.window()),
        finish(s.activation()));
  }

  private static Optional<String> biasOf(Layer.Conv2d layer) {
    return layer.bias() ? Optional.of(layer.name() + "/bias") : Optional.empty();
  }

  private ConvolveOp convolve(Window window, int in, Folded.Source source, Finish finish, OptionalInt residual, int x,
      int y) {
    PackedKernel kernel =
        PackedKernel.of(kernels, parameters, source, window.kernelH() * window.kernelW() * in);
    return window.isPointwise()
        ? new ConvolveOp.Pointwise(kernels, kernel, window, finish, residual, x, y)
        : new ConvolveOp.Windowed(kernels, kernel, window, in, finish, residual, x, y);
  }

  private DepthwiseOp depthwise(Window window, String layer, Optional<Layer.BatchNorm> norm,
      Finish finish, int x, int y) {
    DepthwiseKernel kernel = DepthwiseKernel.of(kernels, parameters, depthwiseSource(layer, y, norm), window);
    return new DepthwiseOp(kernels, kernel, window, finish, x, y);
  }

  private Folded.Source depthwiseSource(String layer, int y, Optional<Layer.BatchNorm> norm) {
    return new Folded.Source(layer + "/depthwise_kernel", channels(y), Optional.empty(), norm);
  }

  private NormalizeOp.Statistics norm(Layer.BatchNorm layer, int value) {
    return new NormalizeOp.Statistics(parameters, layer, channels(value));
  }

  static Finish finish(Activation activation) {
    return switch (activation) {
      case NONE -> Finish.STORE;
      case RELU6 -> Finish.RELU6;
    };
  }

  static Finish finish(Target target) {
    return switch (target.mode()) {
      case WRITE -> Finish.STORE;
      case ACCUMULATE -> Finish.ACCUMULATE;
    };
  }

  private int size(int value) {
    return plan.value(value).shape().size();
  }

  private int channels(int value) {
    return plan.value(value).shape().extent(-1);
  }

  private int rows(int value) {
    return size(value) / channels(value);
  }
}
