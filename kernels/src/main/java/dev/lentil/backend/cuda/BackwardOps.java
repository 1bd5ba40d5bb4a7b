package dev.lentil.backend.cuda;

import dev.lentil.nn.Layer;
import dev.lentil.nn.Window;
import dev.lentil.plan.Step;
import dev.lentil.plan.Target;
import java.util.List;
import java.util.Optional;

/** The work of each backward step. */
record BackwardOps(Bindings at, NormalizationOps normalization, ForwardOps forward) {

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
      case Step.DepthwiseConvolveBackward s -> depthwise(ops, s.forward(), at.address(s.forward().x()), at.address(dy),
          s.dx(), s.parameters());
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
    ops.add(sumGroups(groups, partial, at.gradient(layer, "bias"), channels, channels));
  }

  /** The second stage: {@code count} sums of which the groups' parts lie {@code stride} apart. */
  private Op sumGroups(Groups groups, long partial, long out, int count, int stride) {
    return at.launch("sum_groups.cu", "sum_groups", Groups.finish(count), partial, out, groups.count(), count, stride);
  }

  private void depthwise(List<Op> ops, Step.DepthwiseConvolve f, long x, long dy, Optional<Target> dx,
      Step.ParameterGradients parameters) {
    Window w = f.window();
    int channels = at.channels(f.y());
    if (parameters == Step.ParameterGradients.WANTED) {
      int taps = w.kernelH() * w.kernelW();
      int lines = at.batch() * w.outH();
      Groups groups = Groups.of(lines, Math.max(1, 128 / w.outW()));
      long partial = at.scratch(4L * groups.count() * taps * channels);
      String size = w.kernelH() + "x" + w.kernelW();
      boolean special = size.equals("3x3") || size.equals("5x5");
      ops.add(at.launch("depthwise_kernel_gradient.cu", "depthwise_kernel_gradient" + (special ? "_" + size : ""),
          groups.grid(channels, special ? 1 : taps), dy, x, partial, Bindings.structure(w), lines, groups.rows(),
          channels));
      ops.add(sumGroups(groups, partial, at.gradient(f.layer(), "depthwise_kernel"), taps * channels, taps * channels));
    }
    dx.ifPresent(target -> ops.add(at.each("depthwise_input_gradient.cu",
        Bindings.kernel("depthwise_input_gradient", target), at.count(target.value()), dy,
        at.parameter(f.layer(), "depthwise_kernel"), at.address(target.value()), Bindings.structure(w),
        at.count(target.value()), channels)));
  }

  private void train(List<Op> ops, Step.TrainConvolveBackward s) {
    Step.TrainConvolve f = s.forward();
    long dy = f.after().map(_ -> at.scratchLike(s.dy())).orElseGet(() -> at.address(s.dy()));
    f.after().ifPresent(norm -> ops.add(
        normalization.inputGradient(norm, s.dy(), at.address(s.coefficients().orElseThrow()), dy)));
    switch (f.convolution()) {
      case Step.Convolve convolution when f.before().isEmpty() ->
          convolution(ops, convolution, dy, s.dx(), s.parameters());
      case Step.DepthwiseConvolve convolution -> {
        long x = f.before().map(_ -> at.scratchLike(f.x())).orElseGet(() -> at.address(f.x()));
        f.before().ifPresent(before -> ops.add(normalization.normalized(before, x)));
        depthwise(ops, convolution, x, dy, s.dx(), s.parameters());
        f.before().ifPresent(before -> {
          int dx = s.dx().orElseThrow().value();
          ops.add(normalization.finishSums(before.norm(), normalization.rectifiedSums(ops, before.norm(), dx, dx),
              at.address(s.dxCoefficients().orElseThrow())));
        });
      }
      // Not among CudaDevice.fusions(): a product of cuBLAS reads what is there.
      default -> throw new IllegalArgumentException("the cuda backend does not run " + s);
    }
  }
}
