package dev.lentil.backend.cuda;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Window;
import dev.lentil.plan.Step;
import dev.lentil.plan.Target;
import java.util.List;
import java.util.Optional;

/** The work of each backward step. */
record BackwardOps(Bindings at, Folds folds, ForwardOps forward) {

  void add(List<Op> ops, Step.Backward step) {
    int dy = step.dy();
    switch (step) {
      case Step.ConvolveBackward s -> {
        Convolutions convolution = forward.convolution(s.forward());
        if (s.parameters() == Step.ParameterGradients.WANTED) {
          convolution.kernelGradient(ops, dy);
          if (s.forward().layer().bias()) {
            biasGradient(ops, s.forward().layer(), dy);
          }
        }
        s.dx().ifPresent(dx -> convolution.inputGradient(ops, dy, dx));
      }
      case Step.MultiplyBackward s -> {
        Convolutions dense = forward.dense(s.forward());
        if (s.parameters() == Step.ParameterGradients.WANTED) {
          dense.kernelGradient(ops, dy);
          biasGradient(ops, s.forward().layer(), dy);
        }
        s.dx().ifPresent(dx -> dense.inputGradient(ops, dy, dx));
      }
      case Step.DepthwiseConvolveBackward s -> depthwise(ops, s);
      case Step.NormalizeBackward s -> moving(ops, s);
      case Step.NormalizeBatchBackward s -> batch(ops, s);
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
      case Step.TrainConvolveBackward _, Step.ExpandedBackward _ ->
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

  private void biasGradient(List<Op> ops, Layer layer, int dy) {
    int channels = at.channels(dy);
    int rows = at.rows(dy);
    Groups groups = Groups.of(rows);
    long partial = at.scratch(4L * groups.count() * channels);
    ops.add(at.launch("column_sums.cu", "column_sums", groups.grid(channels), at.address(dy), partial, rows,
        groups.rows(), channels));
    ops.add(sumGroups(groups, partial, at.gradient(layer, "bias"), channels, channels));
  }

  /** The second stage: {@code count} sums of which the groups' parts lie {@code stride} apart. */
  private Op sumGroups(Groups groups, long partial, long out, int count, int stride) {
    return at.launch("sum_groups.cu", "sum_groups", Groups.finish(count), partial, out, groups.count(), count, stride);
  }

  private void depthwise(List<Op> ops, Step.DepthwiseConvolveBackward s) {
    Step.DepthwiseConvolve f = s.forward();
    Window w = f.window();
    int dy = s.dy();
    int channels = at.channels(dy);
    if (s.parameters() == Step.ParameterGradients.WANTED) {
      int taps = w.kernelH() * w.kernelW();
      int lines = at.batch() * w.outH();
      Groups groups = Groups.of(lines, Math.max(1, 128 / w.outW()));
      long partial = at.scratch(4L * groups.count() * taps * channels);
      String size = w.kernelH() + "x" + w.kernelW();
      boolean special = size.equals("3x3") || size.equals("5x5");
      ops.add(at.launch("depthwise_kernel_gradient.cu", "depthwise_kernel_gradient" + (special ? "_" + size : ""),
          groups.grid(channels, special ? 1 : taps), at.address(dy), at.address(f.x()), partial,
          Bindings.structure(w), lines, groups.rows(), channels));
      ops.add(sumGroups(groups, partial, at.gradient(f.layer(), "depthwise_kernel"), taps * channels, taps * channels));
    }
    s.dx().ifPresent(dx -> ops.add(at.each("depthwise_input_gradient.cu",
        Bindings.kernel("depthwise_input_gradient", dx), at.count(dx.value()), at.address(dy),
        at.parameter(f.layer(), "depthwise_kernel"), at.address(dx.value()), Bindings.structure(w),
        at.count(dx.value()), channels)));
  }

  /** Writes the gradients of gamma and beta. */
  private void affineGradients(List<Op> ops, Layer.BatchNorm layer, int dy, int x, long saved) {
    int channels = at.channels(dy);
    int rows = at.rows(dy);
    Groups groups = Groups.of(rows);
    long partial = at.scratch(8L * groups.count() * channels);
    ops.add(at.launch("normalize_gradient.cu", "normalize_sums", groups.grid(channels), at.address(dy), at.address(x),
        saved, partial, rows, groups.rows(), channels));
    ops.add(sumGroups(groups, partial, at.gradient(layer, "gamma"), channels, 2 * channels));
    ops.add(sumGroups(groups, partial + 4L * channels, at.gradient(layer, "beta"), channels, 2 * channels));
  }

  private void moving(List<Op> ops, Step.NormalizeBackward s) {
    Layer.BatchNorm layer = s.forward().layer();
    int dy = s.dy();
    int channels = at.channels(dy);
    long saved = folds.movingStatistics(layer, channels);
    if (s.forward().mode() != BatchNormMode.FROZEN) {
      affineGradients(ops, layer, dy, s.forward().x(), saved);
    }
    s.dx().ifPresent(dx -> ops.add(at.each("normalize_gradient.cu", Bindings.kernel("normalize_input_gradient", dx),
        at.count(dy), at.address(dy), saved, at.parameter(layer, "gamma"), at.address(dx.value()), at.count(dy),
        channels)));
  }

  private void batch(List<Op> ops, Step.NormalizeBatchBackward s) {
    Layer.BatchNorm layer = s.forward().layer();
    int dy = s.dy();
    int x = s.forward().x();
    long saved = at.address(s.forward().saved());
    affineGradients(ops, layer, dy, x, saved);
    s.dx().ifPresent(dx -> ops.add(at.each("normalize_gradient.cu",
        Bindings.kernel("normalize_batch_input_gradient", dx), at.count(dy), at.address(dy), at.address(x), saved,
        at.parameter(layer, "gamma"), at.gradient(layer, "gamma"), at.gradient(layer, "beta"), at.address(dx.value()),
        at.count(dy), at.channels(dy))));
  }
}
