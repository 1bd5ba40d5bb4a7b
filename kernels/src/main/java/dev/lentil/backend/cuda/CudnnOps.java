package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.dnn.Cudnn;
import dev.lentil.backend.cuda.dnn.CudnnNormalization;
import dev.lentil.backend.cuda.dnn.CudnnOperation;
import dev.lentil.backend.cuda.driver.Grid;
import dev.lentil.nn.Layer;
import dev.lentil.plan.Step;
import dev.lentil.plan.Target;
import dev.lentil.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The steps that cuDNN takes over whole where it was chosen for them; {@link Convolution} takes those that are matrix
 * products otherwise.
 */
record CudnnOps(Bindings at, Folds folds) {

  /** Images as cuDNN takes them; what has no pixels is an image of one. */
  private record Images(int n, int h, int w, int c) {}

  /** A step's work; empty if cuDNN does not do it. */
  Optional<List<Op>> of(Step step) {
    return switch (step) {
      case Step.DepthwiseConvolve s -> depthwise(s, convolution -> {
        var ops = new ArrayList<Op>();
        convolution.forward(ops);
        return ops;
      });
      case Step.DepthwiseConvolveBackward s -> depthwise(s.forward(), convolution -> {
        var ops = new ArrayList<Op>();
        if (s.parameters() == Step.ParameterGradients.WANTED) {
          convolution.kernelGradient(ops, at.address(s.dy()));
        }
        s.dx().ifPresent(dx -> convolution.inputGradient(ops, at.address(s.dy()), dx));
        return ops;
      });
      case Step.Normalize s -> by(CudnnOperation.BATCH_NORM, cudnn -> normalize(cudnn, s));
      case Step.NormalizeBatch s -> by(CudnnOperation.BATCH_NORM, cudnn -> normalize(cudnn, s));
      case Step.NormalizeBatchBackward s -> by(CudnnOperation.BATCH_NORM, cudnn -> List.of(gradients(cudnn, s)));
      case Step.Rectify s -> by(CudnnOperation.RELU6, cudnn -> {
        Images i = images(s.x());
        return List.of(Op.of(cudnn.relu6(i.n, i.h, i.w, i.c, at.address(s.x()), at.address(s.y()))));
      });
      case Step.AveragePool s -> by(CudnnOperation.AVERAGE_POOL, cudnn -> {
        Images i = images(s.x());
        return List.of(Op.of(cudnn.averagePool(i.n, i.h, i.w, i.c, at.address(s.x()), at.address(s.y()))));
      });
      case Step.AveragePoolBackward s -> by(CudnnOperation.AVERAGE_POOL,
          cudnn -> s.dx().map(dx -> gradient(cudnn, s.dy(), dx)).stream().toList());
      default -> Optional.empty();
    };
  }

  private Optional<List<Op>> by(CudnnOperation operation, Function<Cudnn, List<Op>> work) {
    return at.device().cudnn(operation).map(work);
  }

  private Optional<List<Op>> depthwise(Step.DepthwiseConvolve s, Function<Convolution, List<Op>> work) {
    int channels = at.channels(s.y());
    return at.device().cudnn(CudnnOperation.DEPTHWISE)
        .flatMap(
            cudnn -> KerasPaddedConvolution.of(cudnn, at, folds, s.layer().name() + "/depthwise_kernel", s.window(),
                channels, channels, channels, s.x(), s.y()))
        .map(work);
  }

  private Images images(int value) {
    Shape shape = at.plan().value(value).shape();
    return shape.rank() == 1
        ? new Images(at.batch(), 1, 1, shape.extent(0))
        : new Images(at.batch(), shape.extent(0), shape.extent(1), shape.extent(2));
  }

  private CudnnNormalization normalization(Cudnn cudnn, int value) {
    Images i = images(value);
    return cudnn.normalization(i.n, i.h, i.w, i.c);
  }

  private List<Op> normalize(Cudnn cudnn, Step.Normalize s) {
    Layer.BatchNorm layer = s.layer();
    int count = at.count(s.y());
    boolean inPlace = at.address(s.x()) == at.address(s.y());
    // cuDNN does not say whether it may write over its input.
    long y = inPlace ? at.scratch(4L * count) : at.address(s.y());
    Op normalize = Op.of(normalization(cudnn, s.x()).infer(at.address(s.x()), at.parameter(layer, "gamma"),
        at.parameter(layer, "beta"), at.parameter(layer, "moving_mean"), at.parameter(layer, "moving_variance"), y,
        layer.epsilon()));
    return inPlace
        ? List.of(normalize, at.each("add.cu", "copy", count, y, at.address(s.y()), count))
        : List.of(normalize);
  }

  private List<Op> normalize(Cudnn cudnn, Step.NormalizeBatch s) {
    Layer.BatchNorm layer = s.layer();
    int channels = at.channels(s.x());
    return List.of(
        Op.of(normalization(cudnn, s.x()).train(at.address(s.x()), at.parameter(layer, "gamma"),
            at.parameter(layer, "beta"), at.address(s.y()), at.address(s.saved()), channels, layer.epsilon())),
        at.launch("moving_average.cu", "moving_average", Grid.elements(channels), at.address(s.saved()),
            at.parameter(layer, "moving_mean"), at.parameter(layer, "moving_variance"), channels, layer.epsilon(),
            layer.momentum()));
  }

  private Op gradients(Cudnn cudnn, Step.NormalizeBatchBackward s) {
    Layer.BatchNorm layer = s.forward().layer();
    int x = s.forward().x();
    // cuDNN always writes the input's gradient.
    long dx = s.dx().map(target -> at.address(target.value())).orElseGet(() -> at.scratch(4L * at.count(x)));
    boolean add = s.dx().map(target -> target.mode() == Target.Mode.ACCUMULATE).orElse(false);
    return Op.of(normalization(cudnn, x).gradients(at.address(x), at.address(s.dy()), at.parameter(layer, "gamma"),
        at.address(s.forward().saved()), at.channels(x), layer.epsilon(), at.gradient(layer, "gamma"),
        at.gradient(layer, "beta"), dx, add));
  }

  private Op gradient(Cudnn cudnn, int dy, Target dx) {
    Images i = images(dx.value());
    return Op.of(cudnn.averagePoolGradient(i.n, i.h, i.w, i.c, at.address(dy), at.address(dx.value()),
        dx.mode() == Target.Mode.ACCUMULATE));
  }
}
