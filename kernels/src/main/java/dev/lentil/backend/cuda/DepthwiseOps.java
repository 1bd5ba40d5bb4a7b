package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.NormalizationOps.Sums;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Window;
import dev.lentil.plan.Step;
import dev.lentil.plan.Step.ParameterGradients;
import dev.lentil.plan.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Depthwise convolutions forward and back, with the normalisations beside them in the same pass. */
record DepthwiseOps(Bindings at, NormalizationOps normalization) {
  private static final String BACKWARD = "depthwise_backward.cu";

  /** {@code DEPTHWISE_WIDTH} of depthwise.cuh. */
  private static final int WIDTH = 2;

  private static final int TAPS = 9;

  /** Whether the kernels of tiles serve it, or those for any window must. */
  private static boolean tiled(Window w, int channels) {
    return w.kernelH() == 3 && w.kernelW() == 3 && w.stride() <= 2 && channels % WIDTH == 0;
  }

  // ---- forward ----

  void forward(List<Op> ops, Step.DepthwiseConvolve s) {
    launch(ops, "depthwise", s.layer(), s.window(), s.x(), s.y());
  }

  void forward(List<Op> ops, Step.FusedDepthwise s) {
    folded(ops, "depthwise_affine", s, s.x());
  }

  void forward(List<Op> ops, Step.RectifiedDepthwise s) {
    Step.FusedConvolve before = s.convolution();
    int channels = at.channels(before.y());
    long scale = normalization.folds().scaleAndShift(before, channels, ForwardOps.bias(before), before.norm());
    folded(ops, "depthwise_rectified_affine", s.depthwise(), before.y(), scale, scale + 4L * channels);
  }

  private void folded(List<Op> ops, String kernel, Step.FusedDepthwise s, int x, Object... before) {
    int channels = at.channels(s.y());
    long scale = normalization.folds().scaleAndShift(s, channels, Optional.empty(), s.norm());
    launch(ops, ForwardOps.suffixed(kernel, s.activation()), s.layer(), s.window(), x, s.y(),
        Bindings.and(new Object[] {scale, scale + 4L * channels}, before));
  }

  void forward(List<Op> ops, Step.TrainConvolve s, Step.DepthwiseConvolve f) {
    var name = new StringBuilder("depthwise");
    var more = new ArrayList<Object>();
    s.before().ifPresent(before -> {
      name.append("_normalized");
      Layer.BatchNorm layer = rectified(before).layer();
      more.addAll(
          List.of(at.address(before.norm().saved()), at.parameter(layer, "gamma"), at.parameter(layer, "beta")));
    });
    Groups groups = tiles(f.window(), at.channels(f.y())).groups();
    long partial = normalization.statisticsScratch(groups, at.channels(f.y()));
    s.after().ifPresent(_ -> {
      name.append("_measured");
      more.add(partial);
    });
    launch(ops, name.toString(), f.layer(), f.window(), s.x(), f.y(), more.toArray());
    s.after().ifPresent(norm -> ops.add(normalization.finishStatistics(norm, partial, groups)));
  }

  private void launch(List<Op> ops, String kernel, Layer layer, Window w, int x, int y, Object... more) {
    int channels = at.channels(y);
    Tiles tiles = tiles(w, channels);
    ops.add(at.launch("depthwise.cu", kernel, columns(w, channels).grid(tiles.groups().count()),
        Bindings.and(more, at.address(x), at.parameter(layer, "depthwise_kernel"), at.address(y),
            Bindings.structure(w), tiles.structure(), channels)));
  }

  private static Columns columns(Window w, int channels) {
    return Columns.depthwise(tiled(w, channels) ? channels / WIDTH : channels);
  }

  /** Tiles of the output. */
  private Tiles tiles(Window w, int channels) {
    Columns blocks = columns(w, channels);
    return tiled(w, channels)
        ? Tiles.of(at.batch(), w.outH(), w.outW(), blocks)
        : Tiles.pixels(at.batch() * w.outH() * w.outW(), blocks);
  }

  /** Tiles of the input; with stride 2 those of pairs of lines, which begin where a window does. */
  private Tiles inputTiles(Window w, int channels) {
    return switch (w.stride()) {
      case 1 -> Tiles.of(at.batch(), w.inH(), w.inW(), columns(w, channels));
      default -> Tiles.of(at.batch(), Math.ceilDiv(w.inH() + w.padTop(), 2), w.inW() + w.padLeft(),
          columns(w, channels));
    };
  }

  // ---- back ----

  void backward(List<Op> ops, Step.DepthwiseConvolveBackward s) {
    Step.DepthwiseConvolve f = s.forward();
    backward(ops, new Step.TrainConvolveBackward(new Step.TrainConvolve(Optional.empty(), f, Optional.empty()), s.dy(),
        OptionalInt.empty(), s.dx(), OptionalInt.empty(), s.parameters()), f);
  }

  void backward(List<Op> ops, Step.TrainConvolveBackward s, Step.DepthwiseConvolve f) {
    if (tiled(f.window(), at.channels(f.y()))) {
      together(ops, s, f);
    } else {
      apart(ops, s, f);
    }
  }

  /** One pass for both gradients and the normalisations on both sides. */
  private void together(List<Op> ops, Step.TrainConvolveBackward s, Step.DepthwiseConvolve f) {
    Step.TrainConvolve forward = s.forward();
    Window w = f.window();
    int channels = at.channels(f.y());
    Tiles tiles = inputTiles(w, channels);
    Groups groups = tiles.groups();
    int sums = TAPS + (forward.before().isPresent() ? 2 : 0);
    long partial = at.scratch(4L * groups.count() * sums * channels);
    long[] tensors = {at.address(s.dy()), at.address(f.y()),
        forward.after().map(norm -> at.address(norm.saved())).orElse(0L),
        s.coefficients().stream().mapToLong(at::address).findFirst().orElse(0), at.address(forward.x()),
        forward.before().map(before -> at.address(rectified(before).saved())).orElse(0L),
        beforeParameter(forward, "gamma"), beforeParameter(forward, "beta"),
        at.parameter(f.layer(), "depthwise_kernel"), s.dx().map(dx -> at.address(dx.value())).orElse(0L),
        s.dx().filter(dx -> dx.mode() == Target.Mode.ACCUMULATE).isPresent() ? 1 : 0, partial};
    ops.add(at.launch(BACKWARD, kernel(forward), columns(w, channels).grid(groups.count()), tensors,
        Bindings.structure(w), tiles.structure(), channels));
    if (s.parameters() == ParameterGradients.WANTED) {
      ops.add(sumGroups(f, groups, partial));
    }
    forward.before().ifPresent(before -> ops.add(normalization.finishSums(before.norm(),
        new Sums(partial + 4L * groups.count() * TAPS * channels, groups),
        at.address(s.dxCoefficients().orElseThrow()))));
  }

  private static String kernel(Step.TrainConvolve forward) {
    if (forward.before().isPresent()) {
      return forward.after().isPresent() ? "depthwise_backward_between" : "depthwise_backward_before";
    }
    return forward.after().isPresent() ? "depthwise_backward_after" : "depthwise_backward";
  }

  private long beforeParameter(Step.TrainConvolve forward, String variable) {
    return forward.before().map(before -> at.parameter(before.norm().layer(), variable)).orElse(0L);
  }

  /** The kernels normalise on their way what is rectified then, which the planner sees to. */
  private static Step.NormalizeBatch rectified(Step.Normalization normalization) {
    if (normalization.relu().isEmpty()) {
      throw new IllegalArgumentException("the cuda backend does not read through " + normalization);
    }
    return normalization.norm();
  }

  /** Any window: what is normalised or made raw is stored for the step, then each gradient has its pass. */
  private void apart(List<Op> ops, Step.TrainConvolveBackward s, Step.DepthwiseConvolve f) {
    Step.TrainConvolve forward = s.forward();
    Window w = f.window();
    int channels = at.channels(f.y());
    long dy = normalization.madeRaw(ops, forward.after(), s.dy(), s.coefficients());
    if (s.parameters() == ParameterGradients.WANTED) {
      long x = forward.before().map(_ -> at.scratchLike(forward.x())).orElseGet(() -> at.address(forward.x()));
      forward.before().ifPresent(before -> ops.add(normalization.normalized(before, x)));
      int taps = w.kernelH() * w.kernelW();
      int lines = at.batch() * w.outH();
      Groups groups = Groups.of(lines, Math.max(1, 128 / w.outW()), taps * channels);
      long partial = at.scratch(4L * groups.count() * taps * channels);
      ops.add(at.launch("depthwise_kernel_gradient.cu", "depthwise_kernel_gradient", groups.grid(channels, taps), dy, x,
          partial, Bindings.structure(w), lines, groups.rows(), channels));
      ops.add(sumGroups(f, groups, partial));
    }
    s.dx().ifPresent(dx -> {
      int count = at.count(dx.value());
      ops.add(at.each("depthwise_input_gradient.cu", Bindings.kernel("depthwise_input_gradient", dx), count, dy,
          at.parameter(f.layer(), "depthwise_kernel"), at.address(dx.value()), Bindings.structure(w), count, channels));
      forward.before().ifPresent(before -> ops.add(normalization.finishSums(before.norm(),
          normalization.rectifiedSums(ops, before.norm(), dx.value(), dx.value()),
          at.address(s.dxCoefficients().orElseThrow()))));
    });
  }

  /** The second stage of the kernel's gradient. */
  private Op sumGroups(Step.DepthwiseConvolve f, Groups groups, long partial) {
    int count = f.window().kernelH() * f.window().kernelW() * at.channels(f.y());
    return at.launch("sum_groups.cu", "sum_groups", groups.secondStage(count), partial,
        at.gradient(f.layer(), "depthwise_kernel"), groups.count(), count);
  }
}
