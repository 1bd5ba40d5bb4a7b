package dev.lentil.backend.cuda;

import dev.lentil.nn.Layer;
import dev.lentil.plan.Step;
import dev.lentil.plan.Target;
import java.util.List;
import java.util.Optional;

/** The work of each backward step. */
record BackwardOps(Bindings at, NormalizationOps normalization, DepthwiseOps depthwise, ForwardOps forward) {

  void add(List<Op> ops, Step.Backward step) {
    int dy = step.dy();
    switch (step) {
      case Step.ConvolveBackward s ->
          convolution(ops, s.forward(), at.address(dy), s.dx(), s.parameters());
      case Step.MultiplyBackward s -> {
        Convolution dense = forward.dense(s.forward());
        if (s.parameters() == Step.ParameterGradients.WANTED) {
          dense.kernelGradient(ops, at.address(dy));
          biasGradient(ops, s.forward().layer(), s.forward().y(), at.address(dy));
        }
        s.dx().ifPresent(dx -> dense.inputGradient(ops, at.address(dy), dx));
      }
      case Step.DepthwiseConvolveBackward s -> depthwise.backward(ops, s);
      case Step.NormalizeBackward s -> normalization.backward(ops, s);
      case Step.NormalizeBatchBackward s -> normalization.backward(ops, s);
      case Step.TrainConvolveBackward s -> train(ops, s);
      case Step.RectifyBackward s -> s.dx().ifPresent(dx -> ops.add(at.each("relu6.cu",
          Bindings.kernel("rectify_gradient", dx), at.count(dy), at.address(dy), at.address(s.forward().y()),
          at.address(dx.value()), at.count(dy))));
      case Step.AveragePoolBackward s -> s.dx().ifPresent(dx -> {
        int channels = at.channels(dy);
        ops.add(at.each("average_pool.cu", Bindings.kernel("average_pool_gradient", dx), at.count(dx.value()),
            at.address(dy), at.address(dx.value()), at.features(dx.value()) / channels, at.count(dx.value()),
            channels));
      });
      // Not among CudaDevice.fusions(), so the planner makes none.
      case Step.ExpandedBackward _ ->
          throw new IllegalArgumentException("the cuda backend does not run " + step);
      case Step.DropOutBackward s -> s.dx().ifPresent(
          dx -> ops.add(ForwardOps.dropOut(at, Bindings.kernel("drop_out", dx), s.forward(), dy, dx.value())));
    }
  }

  void add(List<Op> ops, Step.AddUpBackward s) {
    for (Target target : List.of(s.da(), s.db()).stream().flatMap(Optional::stream).toList()) {
      String kernel = switch (target.mode()) {
        case WRITE -> "copy";
        case ACCUMULATE -> "accumulate";
      };
      ops.add(at.each("add.cu", kernel, at.count(s.dy()), at.address(s.dy()), at.address(target.value()),
          at.count(s.dy())));
    }
  }

  private void convolution(List<Op> ops, Step.Convolve f, long dy, Optional<Target> dx,
      Step.ParameterGradients parameters) {
    Convolution convolution = forward.convolution(f);
    if (parameters == Step.ParameterGradients.WANTED) {
      convolution.kernelGradient(ops, dy);
      if (f.layer().bias()) {
        biasGradient(ops, f.layer(), f.y(), dy);
      }
    }
    dx.ifPresent(target -> convolution.inputGradient(ops, dy, target));
  }

  private void biasGradient(List<Op> ops, Layer layer, int y, long dy) {
    int channels = at.channels(y);
    int rows = at.rows(y);
    Groups groups = Groups.of(rows);
    long partial = at.scratch(4L * groups.count() * channels);
    ops.add(at.launch("column_sums.cu", "column_sums", groups.grid(channels), dy, partial, rows, groups.rows(),
        channels));
    ops.add(at.launch("sum_groups.cu", "sum_groups", groups.secondStage(channels), partial,
        at.gradient(layer, "bias"), groups.count(), channels));
  }

  private void train(List<Op> ops, Step.TrainConvolveBackward s) {
    Step.TrainConvolve f = s.forward();
    switch (f.convolution()) {
      case Step.DepthwiseConvolve convolution -> depthwise.backward(ops, s, convolution);
      case Step.Convolve convolution when f.before().isEmpty() -> convolution(ops, convolution,
          normalization.madeRaw(ops, f.after(), s.dy(), s.coefficients()), s.dx(), s.parameters());
      // Not among CudaDevice.fusions(): a product of cuBLAS reads what is there.
      default -> throw new IllegalArgumentException("the cuda backend does not run " + s);
    }
  }
}
