package dev.lentil.plan;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * One step of a plan, over numbered values ({@code x}, {@code y}: forward in and out; {@code dx}, {@code dy}: their
 * gradients). The set is closed. A step says which values it reads and writes; shapes belong to
 * the values. A step finds its parameters by the layer's name. It always overwrites their gradients and never adds to them.
 */
public sealed interface Step {
  /** The values it reads; for a {@link Target} that accumulates also that one. */
  List<Integer> reads();

  /** The values it writes. */
  List<Integer> writes();

  /** Whether each output element depends on the input elements at the same place only, so that both may share memory. */
  default boolean elementwise() {
    return false;
  }

  /** A forward step: one or more layers, one output. */
  sealed interface Forward extends Step {
    int y();

    @Override
    default List<Integer> writes() {
      return List.of(y());
    }
  }

  /** A forward step with one input. */
  sealed interface Unary extends Forward {
    int x();

    @Override
    default List<Integer> reads() {
      return List.of(x());
    }
  }

  /** A single convolution of either kind. */
  sealed interface Convolution extends Unary {
    Window window();
  }

  // ---- forward, one layer each ----

  record Convolve(Layer.Conv2d layer, Window window, int x, int y) implements Convolution {}

  record DepthwiseConvolve(Layer.DepthwiseConv2d layer, Window window, int x, int y) implements Convolution {}

  /** Batch normalisation with the moving statistics. */
  record Normalize(Layer.BatchNorm layer, BatchNormMode mode, int x, int y) implements Unary {
    @Override
    public boolean elementwise() {
      return true;
    }
  }

  /**
   * Batch normalisation with the statistics of the batch, which it stores in {@code saved} as {@code [2,c]}: the mean,
   * then {@code 1 / sqrt(variance + epsilon)}. It also updates the moving statistics.
   */
  record NormalizeBatch(Layer.BatchNorm layer, int x, int y, int saved) implements Unary {
    @Override
    public List<Integer> writes() {
      return List.of(y, saved);
    }
  }

  record Rectify(Layer.Relu6 layer, int x, int y) implements Unary {
    @Override
    public boolean elementwise() {
      return true;
    }
  }

  record AddUp(Layer.Add layer, int a, int b, int y) implements Forward {
    @Override
    public List<Integer> reads() {
      return List.of(a, b);
    }

    @Override
    public boolean elementwise() {
      return true;
    }
  }

  record AveragePool(Layer.GlobalAveragePool layer, int x, int y) implements Unary {}

  /**
   * Dropout while training. Element {@code e} of sample {@code i} takes its random number from position
   * {@code i * features + e} of the stream keyed by the run's seed, stage, step and {@code operation}.
   */
  record DropOut(Layer.Dropout layer, int operation, int x, int y) implements Unary {
    @Override
    public boolean elementwise() {
      return true;
    }
  }

  record Multiply(Layer.Dense layer, int x, int y) implements Unary {}

  record ApplySigmoid(Layer.Sigmoid layer, int x, int y) implements Unary {
    @Override
    public boolean elementwise() {
      return true;
    }
  }

  record ApplySoftmax(Layer.Softmax layer, int x, int y) implements Unary {}

  // ---- forward, fused: inference statistics folded into the kernel ----

  /**
   * Convolution, the batch normalisation after it (folded), then either ReLU6 or the sum with {@code residual}. Stands
   * for {@code layers}, which a backend without this fusion runs one by one.
   */
  record FusedConvolve(Layer.Conv2d layer, Window window, Optional<Layer.BatchNorm> norm, Activation activation,
      OptionalInt residual, List<String> layers, int x, int y) implements Forward {
    @Override
    public List<Integer> reads() {
      var reads = new ArrayList<>(List.of(x));
      residual.ifPresent(reads::add);
      return reads;
    }
  }

  /** Depthwise convolution, the batch normalisation after it (folded), and ReLU6 or nothing. */
  record FusedDepthwise(Layer.DepthwiseConv2d layer, Window window, Optional<Layer.BatchNorm> norm,
      Activation activation, List<String> layers, int x, int y) implements Unary {}

  /**
   * A convolution that ends in ReLU6 and the depthwise convolution after it, as one step. The first stores its raw sums
   * in its {@code y}, and the second normalises and rectifies its input while it reads it. This saves a pass over memory. The
   * step replaces its two parts.
   */
  record RectifiedDepthwise(FusedConvolve convolution, FusedDepthwise depthwise) implements Forward {
    @Override
    public int y() {
      return depthwise.y();
    }

    @Override
    public List<Integer> reads() {
      return convolution.reads();
    }

    @Override
    public List<Integer> writes() {
      return List.of(convolution.y(), depthwise.y());
    }
  }

  /**
   * The expansion (1x1, or the first convolution of the network), the depthwise convolution after it, and the projection
   * (1x1), as one step. The wide values in between are made in pieces that are consumed at once, so they have no memory in the
   * plan. The step replaces its three parts.
   */
  record FusedInvertedResidual(Optional<FusedConvolve> expand, FusedDepthwise depthwise, FusedConvolve project)
      implements Forward {
    /** The input of the first part. */
    public int x() {
      return expand.map(FusedConvolve::x).orElse(depthwise.x());
    }

    @Override
    public int y() {
      return project.y();
    }

    @Override
    public List<Integer> reads() {
      var reads = new ArrayList<>(List.of(x()));
      project.residual().ifPresent(reads::add);
      return reads;
    }
  }

  // ---- forward, fused: statistics of the batch ----

  /**
   * Batch normalisation and the ReLU6 after it, if the statistics are already known. The step that reads the result calculates
   * it element by element, so neither {@code norm.y()} nor {@code relu.y()} needs memory.
   */
  record Normalization(NormalizeBatch norm, Optional<Rectify> relu) {
    /** The layers that it replaces. */
    public Stream<String> layers() {
      return Stream.concat(Stream.of(norm.layer().name()), relu.stream().map(rectify -> rectify.layer().name()));
    }
  }

  /**
   * A convolution or depthwise convolution together with its neighbours. It normalises its input while it reads it
   * ({@code before}). It takes the statistics of its output for the normalisation {@code after} it, and writes that one's
   * {@code saved} and moving statistics. So an activation is written once and read once, not once by each layer.
   */
  record TrainConvolve(Optional<Normalization> before, Convolution convolution, Optional<NormalizeBatch> after)
      implements Forward {
    /** The input: before the normalisation, if there is one. */
    public int x() {
      return before.map(normalization -> normalization.norm().x()).orElse(convolution.x());
    }

    @Override
    public int y() {
      return convolution.y();
    }

    @Override
    public List<Integer> reads() {
      var reads = new ArrayList<>(List.of(x()));
      before.ifPresent(normalization -> reads.add(normalization.norm().saved()));
      return reads;
    }

    @Override
    public List<Integer> writes() {
      var writes = new ArrayList<>(List.of(y()));
      after.ifPresent(norm -> writes.add(norm.saved()));
      return writes;
    }
  }

  /**
   * A normalisation whose statistics a {@link TrainConvolve} took and whose result must be stored, then either ReLU6 or the sum
   * with another value.
   */
  record FinishNormalization(Normalization normalization, Optional<AddUp> sum) implements Forward {
    @Override
    public int y() {
      return sum.map(AddUp::y).or(() -> normalization.relu().map(Rectify::y)).orElse(normalization.norm().y());
    }

    /** What is added to the normalised value. */
    public OptionalInt other() {
      return sum.map(s -> OptionalInt.of(s.a() == normalization.norm().y() ? s.b() : s.a()))
          .orElse(OptionalInt.empty());
    }

    @Override
    public List<Integer> reads() {
      var reads = new ArrayList<>(List.of(normalization.norm().x(), normalization.norm().saved()));
      other().ifPresent(reads::add);
      return reads;
    }
  }

  // ---- loss ----

  /** The loss of {@code logits} against the batch's labels and weights; writes its gradient. */
  record ComputeLoss(Loss loss, int logits, int dlogits) implements Step {
    @Override
    public List<Integer> reads() {
      return List.of(logits);
    }

    @Override
    public List<Integer> writes() {
      return List.of(dlogits);
    }
  }

  // ---- backward, one for each forward step ----

  /** A backward step of a layer with one input. */
  sealed interface Backward extends Step {
    int dy();

    /** Where the input's gradient goes; empty if nothing before the layer is trained. */
    Optional<Target> dx();

    @Override
    default List<Integer> reads() {
      return readsOf(dx(), dy());
    }

    @Override
    default List<Integer> writes() {
      return dx().map(target -> List.of(target.value())).orElse(List.of());
    }
  }

  /** @param parameters whether the gradients of the layer's own parameters are calculated */
  record ConvolveBackward(Convolve forward, int dy, Optional<Target> dx, ParameterGradients parameters)
      implements Backward {
    @Override
    public List<Integer> reads() {
      return parameters == ParameterGradients.WANTED ? readsOf(dx, dy, forward.x()) : readsOf(dx, dy);
    }
  }

  /** @param parameters whether the gradients of the layer's own parameters are calculated */
  record DepthwiseConvolveBackward(DepthwiseConvolve forward, int dy, Optional<Target> dx,
      ParameterGradients parameters) implements Backward {
    @Override
    public List<Integer> reads() {
      return parameters == ParameterGradients.WANTED ? readsOf(dx, dy, forward.x()) : readsOf(dx, dy);
    }
  }

  /** Of {@link Normalize}: {@code FROZEN} gives the input's gradient only, {@code INFERENCE_STATISTICS} all three. */
  record NormalizeBackward(Normalize forward, int dy, Optional<Target> dx) implements Backward {
    @Override
    public List<Integer> reads() {
      return forward.mode() == BatchNormMode.FROZEN ? readsOf(dx, dy) : readsOf(dx, dy, forward.x());
    }
  }

  /** Of {@link NormalizeBatch}: through the statistics too. */
  record NormalizeBatchBackward(NormalizeBatch forward, int dy, Optional<Target> dx) implements Backward {
    @Override
    public List<Integer> reads() {
      return readsOf(dx, dy, forward.x(), forward.saved());
    }
  }

  /** Passes the gradient where the output lies strictly between 0 and 6; needs the output only. */
  record RectifyBackward(Rectify forward, int dy, Optional<Target> dx) implements Backward {
    @Override
    public List<Integer> reads() {
      return readsOf(dx, dy, forward.y());
    }

    @Override
    public boolean elementwise() {
      return true;
    }
  }

  /** The gradient of a sum goes to both sides. */
  record AddUpBackward(AddUp forward, int dy, Optional<Target> da, Optional<Target> db) implements Step {
    @Override
    public List<Integer> reads() {
      var reads = new ArrayList<>(readsOf(da, dy));
      db.filter(t -> t.mode() == Target.Mode.ACCUMULATE).ifPresent(t -> reads.add(t.value()));
      return reads;
    }

    @Override
    public List<Integer> writes() {
      var writes = new ArrayList<Integer>();
      da.ifPresent(t -> writes.add(t.value()));
      db.ifPresent(t -> writes.add(t.value()));
      return writes;
    }
  }

  record AveragePoolBackward(AveragePool forward, int dy, Optional<Target> dx) implements Backward {}

  /** Draws the same random numbers again instead of keeping a mask. */
  record DropOutBackward(DropOut forward, int dy, Optional<Target> dx) implements Backward {
    @Override
    public boolean elementwise() {
      return true;
    }
  }

  /** @param parameters whether the gradients of the layer's own parameters are calculated */
  record MultiplyBackward(Multiply forward, int dy, Optional<Target> dx, ParameterGradients parameters)
      implements Backward {
    @Override
    public List<Integer> reads() {
      return parameters == ParameterGradients.WANTED ? readsOf(dx, dy, forward.x()) : readsOf(dx, dy);
    }
  }

  // ---- backward, fused ----

  /**
   * The backward step of {@link TrainConvolve}. If a normalisation comes after the convolution, {@code dy} is the gradient of that
   * normalisation's result. Then {@code coefficients}, {@code [3,c]}, hold {@code a}, {@code b} and {@code d}, and the gradient of
   * the convolution's result is {@code a dy + b (y - mean) + d}. If a normalisation comes before the convolution, {@code dx} is the
   * gradient of that normalisation's result (already taken back through ReLU6), and the step also writes
   * {@code dxCoefficients} and the gradients of its gamma and beta.
   *
   * @param parameters whether the gradients of the convolution's own parameters are calculated
   */
  record TrainConvolveBackward(TrainConvolve forward, int dy, OptionalInt coefficients, Optional<Target> dx,
      OptionalInt dxCoefficients, ParameterGradients parameters) implements Backward {
    @Override
    public List<Integer> reads() {
      var reads = new ArrayList<>(readsOf(dx, dy, forward.x()));
      forward.before().ifPresent(normalization -> reads.add(normalization.norm().saved()));
      forward.after().ifPresent(norm -> reads.addAll(List.of(norm.saved(), forward.y())));
      coefficients.ifPresent(reads::add);
      return reads;
    }

    @Override
    public List<Integer> writes() {
      var writes = new ArrayList<Integer>();
      dx.ifPresent(target -> writes.add(target.value()));
      dxCoefficients.ifPresent(writes::add);
      return writes;
    }
  }

  /**
   * The backward step of a depthwise {@link TrainConvolve} together with the pointwise one before it, whose result it normalises.
   * The gradient of that result is the widest value of all; here it is consumed as it is made and needs no memory.
   *
   * @param dy the gradient of the depthwise convolution's normalised result; see {@link TrainConvolveBackward}
   * @param dx where the gradient of the pointwise convolution's input goes
   */
  record ExpandedBackward(TrainConvolve expansion, TrainConvolve depthwise, int dy, OptionalInt coefficients,
      Optional<Target> dx, ParameterGradients expansionParameters, ParameterGradients depthwiseParameters)
      implements Backward {
    @Override
    public List<Integer> reads() {
      var reads = new ArrayList<>(readsOf(dx, dy, expansion.x(), depthwise.x(), depthwise.y()));
      expansion.after().ifPresent(norm -> reads.add(norm.saved()));
      depthwise.after().ifPresent(norm -> reads.add(norm.saved()));
      coefficients.ifPresent(reads::add);
      return reads;
    }
  }

  /**
   * The backward step of {@link FinishNormalization}: writes the coefficients that {@link TrainConvolveBackward} reads, and the gradients of gamma
   * and beta.
   *
   * @param dnorm where the gradient of the normalisation's result goes; {@code dy} itself where nothing but a sum comes after
   * @param other where the gradient of the sum's other side goes
   */
  record FinishNormalizationBackward(FinishNormalization forward, int dy, int dnorm, int coefficients,
      Optional<Target> other) implements Step {
    @Override
    public List<Integer> reads() {
      NormalizeBatch norm = forward.normalization().norm();
      return readsOf(other, dy, norm.x(), norm.saved());
    }

    @Override
    public List<Integer> writes() {
      var writes = new ArrayList<>(List.of(coefficients));
      if (dnorm != dy) {
        writes.add(dnorm);
      }
      other.ifPresent(target -> writes.add(target.value()));
      return writes;
    }
  }

  // ---- update ----

  /**
   * Moves parameters along their gradients.
   *
   * @param moved in network order
   */
  record Update(Optimizer optimizer, List<Moved> moved) implements Step {
    /**
     * One parameter.
     *
     * @param rateFactor by which the learning rate is multiplied for it
     */
    public record Moved(String parameter, ParameterSpec.Role role, double rateFactor) {}

    /** The names of the parameters. */
    public List<String> parameters() {
      return moved.stream().map(Moved::parameter).toList();
    }

    @Override
    public List<Integer> reads() {
      return List.of();
    }

    @Override
    public List<Integer> writes() {
      return List.of();
    }
  }

  /** Whether a backward step also calculates the gradients of the layer's parameters. */
  enum ParameterGradients {
    WANTED, NOT_WANTED
  }

  private static List<Integer> readsOf(Optional<Target> dx, Integer... values) {
    var reads = new ArrayList<>(List.of(values));
    dx.filter(t -> t.mode() == Target.Mode.ACCUMULATE).ifPresent(t -> reads.add(t.value()));
    return reads;
  }
}
