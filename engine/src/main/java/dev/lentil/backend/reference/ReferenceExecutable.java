package dev.lentil.backend.reference;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Executable;
import dev.lentil.backend.KnownGradients;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Optimizer;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Step;
import dev.lentil.plan.Target;
import dev.lentil.plan.Value;
import dev.lentil.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Runs a plan step by step. Every value has its own array, even if the plan would let values share memory, so all values can
 * be examined after a run.
 */
final class ReferenceExecutable implements Executable {
  private final Plan plan;
  private final ReferenceBank bank;
  private final double[][] values;
  private double loss;
  private boolean closed;

  ReferenceExecutable(Plan plan, ReferenceBank bank) {
    bank.requireFits(plan);
    this.plan = plan;
    this.bank = bank;
    for (Step step : plan.steps()) {
      if (step instanceof Step.FusedConvolve || step instanceof Step.FusedDepthwise
          || step instanceof Step.RectifiedDepthwise || step instanceof Step.FusedInvertedResidual
          || step instanceof Step.TrainConvolve
          || step instanceof Step.FinishNormalization) {
        throw new IllegalArgumentException("the reference backend runs no fused steps, but the plan has " + step);
      }
    }
    values = new double[plan.values().size()][];
    for (Value value : plan.values()) {
      values[value.id()] = new double[BackendException.requireArray(value.size(plan.batch()))];
    }
  }

  @Override
  public Plan plan() {
    return plan;
  }

  @Override
  public void run(Batch batch, RunState state) {
    if (closed) {
      throw Executable.closed();
    }
    batch.requireFits(plan);
    state.requireFits(plan);
    System.arraycopy(batch.images().doubles(), 0, values[plan.input()], 0, values[plan.input()].length);
    for (Step step : plan.steps()) {
      switch (step) {
        case Step.Forward forward -> forward(forward, state);
        case Step.ComputeLoss s -> loss = s.loss().evaluate(plan.batch(), features(s.logits()), values[s.logits()],
            batch.labels().doubles(), batch.weights().doubles(), values[s.dlogits()]);
        case Step.Backward backward -> backward(backward, state);
        case Step.AddUpBackward s -> {
          s.da().ifPresent(da -> Addition.inputGradient(values[s.dy()], target(da)));
          s.db().ifPresent(db -> Addition.inputGradient(values[s.dy()], target(db)));
        }
        case Step.FinishNormalizationBackward _ -> throw new AssertionError("refused when compiled");
        case Step.Update s -> update(s, state);
      }
    }
    bank.calculated(KnownGradients.of(plan));
  }

  private void forward(Step.Forward step, RunState state) {
    int batch = plan.batch();
    double[] y = values[step.y()];
    int channels = channels(step.y());
    int positions = y.length / channels;
    switch (step) {
      case Step.Convolve s -> {
        Arrays.fill(y, 0);
        Convolution.forward(batch, s.window(), channels(s.x()), channels, values[s.x()], of(s.layer(), "kernel"), y);
        if (s.layer().bias()) {
          Bias.add(positions, channels, of(s.layer(), "bias"), y);
        }
      }
      case Step.DepthwiseConvolve s -> {
        Arrays.fill(y, 0);
        DepthwiseConvolution.forward(batch, s.window(), channels, values[s.x()], of(s.layer(), "depthwise_kernel"), y);
      }
      case Step.Normalize s -> moving(s.layer()).forward(positions, values[s.x()], y);
      case Step.NormalizeBatch s -> {
        BatchNormalization.forward(positions, channels, s.layer().epsilon(), s.layer().momentum(),
            of(s.layer(), "gamma"), of(s.layer(), "beta"), values[s.x()], y, values[s.saved()],
            of(s.layer(), "moving_mean"), of(s.layer(), "moving_variance"));
        bank.changed();
      }
      case Step.Rectify s -> Rectification.forward(values[s.x()], y);
      case Step.AddUp s -> Addition.forward(values[s.a()], values[s.b()], y);
      case Step.AveragePool s -> AveragePooling.forward(batch, pixels(s.x()), channels, values[s.x()], y);
      case Step.DropOut s -> InvertedDropout.forward(s, state, values[s.x()], y);
      case Step.Multiply s -> {
        Arrays.fill(y, 0);
        DenseProduct.forward(batch, features(s.x()), channels, values[s.x()], of(s.layer(), "kernel"), y);
        Bias.add(batch, channels, of(s.layer(), "bias"), y);
      }
      case Step.ApplySigmoid s -> Heads.sigmoid(values[s.x()], y);
      case Step.ApplySoftmax s -> Heads.softmax(positions, channels, values[s.x()], y);
      case Step.FusedConvolve _, Step.FusedDepthwise _, Step.RectifiedDepthwise _, Step.FusedInvertedResidual _, Step.TrainConvolve _, Step.FinishNormalization _ ->
          throw new AssertionError("refused when compiled");
    }
  }

  private void backward(Step.Backward step, RunState state) {
    int batch = plan.batch();
    double[] dy = values[step.dy()];
    int channels = channels(step.dy());
    int positions = dy.length / channels;
    Optional<double[]> target = step.dx().map(this::target);
    switch (step) {
      case Step.ConvolveBackward s -> {
        Step.Convolve f = s.forward();
        int in = channels(f.x());
        if (s.parameters() == Step.ParameterGradients.WANTED) {
          Convolution.kernelGradient(batch, f.window(), in, channels, dy, values[f.x()], zeroed(f.layer(), "kernel"));
          if (f.layer().bias()) {
            Bias.gradient(positions, channels, dy, zeroed(f.layer(), "bias"));
          }
        }
        target.ifPresent(
            dx -> Convolution.inputGradient(batch, f.window(), in, channels, dy, of(f.layer(), "kernel"), dx));
      }
      case Step.DepthwiseConvolveBackward s -> {
        Step.DepthwiseConvolve f = s.forward();
        if (s.parameters() == Step.ParameterGradients.WANTED) {
          DepthwiseConvolution.kernelGradient(batch, f.window(), channels, dy, values[f.x()],
              zeroed(f.layer(), "depthwise_kernel"));
        }
        target.ifPresent(dx -> DepthwiseConvolution.inputGradient(batch, f.window(), channels, dy,
            of(f.layer(), "depthwise_kernel"), dx));
      }
      case Step.NormalizeBackward s -> {
        MovingNormalization norm = moving(s.forward().layer());
        switch (s.forward().mode()) {
          case FROZEN -> {}
          case INFERENCE_STATISTICS -> norm.affineGradients(positions, dy, values[s.forward().x()],
              zeroed(s.forward().layer(), "gamma"), zeroed(s.forward().layer(), "beta"));
          case TRAINING -> throw new AssertionError("training statistics belong to NormalizeBatch");
        }
        target.ifPresent(dx -> norm.inputGradient(positions, dy, dx));
      }
      case Step.NormalizeBatchBackward s -> {
        Step.NormalizeBatch f = s.forward();
        double[] x = values[f.x()];
        double[] saved = values[f.saved()];
        double[] dgamma = zeroed(f.layer(), "gamma");
        double[] dbeta = zeroed(f.layer(), "beta");
        BatchNormalization.affineGradients(positions, channels, dy, x, saved, dgamma, dbeta);
        target.ifPresent(dx -> BatchNormalization.inputGradient(positions, channels, dy, x, saved,
            of(f.layer(), "gamma"), dgamma, dbeta, dx));
      }
      case Step.RectifyBackward s ->
          target.ifPresent(dx -> Rectification.inputGradient(dy, values[s.forward().y()], dx));
      case Step.AveragePoolBackward s -> target.ifPresent(
          dx -> AveragePooling.inputGradient(batch, pixels(s.forward().x()), channels, dy, dx));
      case Step.DropOutBackward s -> target.ifPresent(
          dx -> InvertedDropout.inputGradient(s.forward(), state, dy, dx));
      case Step.MultiplyBackward s -> {
        Step.Multiply f = s.forward();
        int in = features(f.x());
        if (s.parameters() == Step.ParameterGradients.WANTED) {
          DenseProduct.kernelGradient(batch, in, channels, dy, values[f.x()], zeroed(f.layer(), "kernel"));
          Bias.gradient(batch, channels, dy, zeroed(f.layer(), "bias"));
        }
        target.ifPresent(dx -> DenseProduct.inputGradient(batch, in, channels, dy, of(f.layer(), "kernel"), dx));
      }
      case Step.TrainConvolveBackward _, Step.ExpandedBackward _ -> throw new AssertionError("refused when compiled");
    }
  }

  private void update(Step.Update step, RunState state) {
    for (Step.Update.Moved moved : step.moved()) {
      String name = moved.parameter();
      double[] w = bank.parameter(name);
      double[] g = bank.gradient(name);
      double rate = state.learningRate() * moved.rateFactor();
      switch (step.optimizer()) {
        case Optimizer.Adam adam -> Updates.adam(adam, rate, adam.weightDecay(moved.role()), state.step(), w, g,
            bank.slot(0, name), bank.slot(1, name));
        case Optimizer.Sgd sgd -> Updates.sgd(sgd, rate, w, g, bank.slot(0, name));
      }
    }
    bank.changed();
  }

  // ---- values and parameters ----

  /** The array that a gradient is added to; cleared if the step is the first to reach it. */
  private double[] target(Target target) {
    double[] values = this.values[target.value()];
    if (target.mode() == Target.Mode.WRITE) {
      Arrays.fill(values, 0);
    }
    return values;
  }

  private double[] of(Layer layer, String variable) {
    return bank.parameter(layer.name() + "/" + variable);
  }

  private double[] zeroed(Layer layer, String variable) {
    double[] gradient = bank.gradient(layer.name() + "/" + variable);
    Arrays.fill(gradient, 0);
    return gradient;
  }

  private MovingNormalization moving(Layer.BatchNorm layer) {
    return new MovingNormalization(of(layer, "gamma"), of(layer, "beta"), of(layer, "moving_mean"),
        of(layer, "moving_variance"), layer.epsilon());
  }

  private int channels(int value) {
    return plan.value(value).shape().extent(-1);
  }

  /** The elements of one sample. */
  private int features(int value) {
    return plan.value(value).shape().size();
  }

  private int pixels(int value) {
    return features(value) / channels(value);
  }

  // ---- results ----

  @Override
  public Supplier<Tensor> readLater(String layer) {
    Value value = plan.tap(layer);
    Tensor copy = Tensor.of(value.shape().batched(plan.batch()), values[value.id()].clone());
    return () -> copy;
  }

  @Override
  public DoubleSupplier lossLater() {
    if (plan.spec().isEmpty()) {
      throw new IllegalStateException("an inference plan has no loss");
    }
    double last = loss;
    return () -> last;
  }

  @Override
  public void close() {
    // Nothing to release: the arrays belong to the garbage collector.
    closed = true;
  }
}
