package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.driver.Grid;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Window;
import dev.lentil.plan.Activation;
import dev.lentil.plan.Step;
import dev.lentil.random.RandomUse;
import java.util.List;
import java.util.Optional;

/**
 * The work of each forward step and of the loss.
 *
 * @param loss where the loss is written, a float64
 */
record ForwardOps(Bindings at, NormalizationOps normalization, DepthwiseOps depthwise, long loss) {
  private static final int SOFTMAX_THREADS = 128;
  private static final int LOSS_THREADS = 128;

  void add(List<Op> ops, Step.Forward step) {
    int y = step.y();
    int count = at.count(y);
    int channels = at.channels(y);
    switch (step) {
      case Step.Convolve s -> convolve(ops, s);
      case Step.Multiply s -> {
        dense(s).forward(ops);
        addBias(ops, s.layer(), y);
      }
      case Step.FusedConvolve s -> fused(ops, s);
      case Step.DepthwiseConvolve s -> depthwise.forward(ops, s);
      case Step.FusedDepthwise s -> depthwise.forward(ops, s);
      case Step.RectifiedDepthwise s -> {
        bare(s.convolution()).forward(ops);
        depthwise.forward(ops, s);
      }
      case Step.Normalize s -> normalization.forward(ops, s);
      case Step.NormalizeBatch s -> normalization.forward(ops, s);
      case Step.FinishNormalization s -> normalization.forward(ops, s);
      case Step.TrainConvolve s -> train(ops, s);
      case Step.Rectify s -> ops.add(at.each("relu6.cu", "rectify", count, at.address(s.x()), at.address(y), count));
      case Step.AddUp s ->
          ops.add(at.each("add.cu", "add", count, at.address(s.a()), at.address(s.b()), at.address(y), count));
      case Step.AveragePool s -> ops.add(at.each("average_pool.cu", "average_pool", count, at.address(s.x()),
          at.address(y), at.features(s.x()) / channels, count, channels));
      case Step.DropOut s -> ops.add(dropOut(at, "drop_out", s, s.x(), y));
      case Step.ApplySigmoid s ->
          ops.add(at.each("sigmoid.cu", "sigmoid", count, at.address(s.x()), at.address(y), count));
      case Step.ApplySoftmax s -> ops.add(at.launch("softmax.cu", "softmax",
          Grid.blocks(at.rows(y), SOFTMAX_THREADS), at.address(s.x()), at.address(y), channels));
      // Not among CudaDevice.fusions(), so the planner makes none.
      case Step.FusedInvertedResidual _ ->
          throw new IllegalArgumentException("the cuda backend does not run " + step);
    }
  }

  /** The mask of dropout applied to {@code from}, written or added to {@code to}. */
  static Op dropOut(Bindings at, String kernel, Step.DropOut step, int from, int to) {
    int count = at.count(to);
    return at.each("dropout.cu", kernel, count, at.address(from), at.address(to), at.inbox(Inbox.STATE),
        RandomUse.DROPOUT.operation(step.operation()), step.layer().rate(), count);
  }

  Convolution convolution(Step.Convolve s) {
    return convolution(s.layer(), s.window(), at.channels(s.x()), s.x(), s.y());
  }

  Convolution dense(Step.Multiply s) {
    return convolution(s.layer(), Window.PIXEL, at.features(s.x()), s.x(), s.y());
  }

  private Convolution convolution(Layer layer, Window window, int in, int x, int y) {
    return Convolution.of(at, normalization.folds(), layer.name() + "/kernel", window, in, at.channels(y), x, y);
  }

  private void convolve(List<Op> ops, Step.Convolve s) {
    convolution(s).forward(ops);
    if (s.layer().bias()) {
      addBias(ops, s.layer(), s.y());
    }
  }

  private void train(List<Op> ops, Step.TrainConvolve s) {
    switch (s.convolution()) {
      case Step.DepthwiseConvolve convolution -> depthwise.forward(ops, s, convolution);
      case Step.Convolve convolution when s.before().isEmpty() -> {
        convolve(ops, convolution);
        s.after().ifPresent(norm -> normalization.statistics(ops, norm));
      }
      // Not among CudaDevice.fusions(): a product of cuBLAS reads what is there.
      default -> throw new IllegalArgumentException("the cuda backend does not run " + s);
    }
  }

  private void addBias(List<Op> ops, Layer layer, int y) {
    ops.add(at.each("bias.cu", "add_bias", at.count(y), at.address(y), at.parameter(layer, "bias"), at.count(y),
        at.channels(y)));
  }

  /** The convolution alone. */
  private Convolution bare(Step.FusedConvolve s) {
    return convolution(s.layer(), s.window(), at.channels(s.x()), s.x(), s.y());
  }

  static Optional<String> bias(Step.FusedConvolve s) {
    return s.layer().bias() ? Optional.of(s.layer().name() + "/bias") : Optional.empty();
  }

  private void fused(List<Op> ops, Step.FusedConvolve s) {
    int y = s.y();
    int channels = at.channels(y);
    bare(s).forward(ops);
    Optional<String> bias = bias(s);
    if (bias.isEmpty() && s.norm().isEmpty() && s.activation() == Activation.NONE && s.residual().isEmpty()) {
      return;
    }
    long scale = normalization.folds().scaleAndShift(s, channels, bias, s.norm());
    long shift = scale + 4L * channels;
    Grid grid = at.columns(channels).rows(at.rows(y));
    if (s.residual().isPresent()) {
      ops.add(at.launch("affine.cu", "affine_add", grid, at.address(y), scale, shift,
          at.address(s.residual().getAsInt()), at.rows(y), channels));
    } else {
      ops.add(at.launch("affine.cu", suffixed("affine", s.activation()), grid, at.address(y), scale, shift, at.rows(y),
          channels));
    }
  }

  static String suffixed(String kernel, Activation activation) {
    return switch (activation) {
      case NONE -> kernel;
      case RELU6 -> kernel + "_relu6";
    };
  }

  void add(List<Op> ops, Step.ComputeLoss s) {
    String kernel = switch (s.loss()) {
      case Loss.BinaryCrossEntropy _ -> "binary_cross_entropy";
      case Loss.CategoricalCrossEntropy _ -> "categorical_cross_entropy";
      case Loss.ClippedBinaryCrossEntropy _ -> "clipped_binary_cross_entropy";
      case Loss.WeightedLogits _ -> "weighted_logits";
    };
    Inbox inbox = at.layout().inbox();
    ops.add(at.launch("loss.cu", kernel, Grid.blocks(1, LOSS_THREADS), at.address(s.logits()),
        at.inbox(inbox.labels()), at.inbox(inbox.weights()), at.address(s.dlogits()), loss, at.batch(),
        at.features(s.logits())));
  }
}
