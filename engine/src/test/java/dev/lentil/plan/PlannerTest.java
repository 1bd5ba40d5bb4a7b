package dev.lentil.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Padding;
import dev.lentil.plan.Value.Placement;
import dev.lentil.tensor.Shape;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PlannerTest {
  private static final Set<Fusion> ALL = EnumSet.allOf(Fusion.class);

  /** Stem, two residual blocks, pooling, dropout, dense, sigmoid. */
  private static Network network() {
    return network("a", "b");
  }

  private static Network network(String... blocks) {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(9, 7, 3)));
    b.add(new Layer.Conv2d("stem", 8, 3, 2, Padding.KERAS, false));
    b.add(new Layer.BatchNorm("stem_BN", 1e-3, 0.9));
    String in = b.add(new Layer.Relu6("stem_relu"));
    for (String block : blocks) {
      b.add(Layer.Conv2d.pointwise(block + "_expand", 24), in);
      b.add(new Layer.BatchNorm(block + "_expand_BN", 1e-3, 0.9));
      b.add(new Layer.Relu6(block + "_expand_relu"));
      b.add(new Layer.DepthwiseConv2d(block + "_depthwise", 3, 1, Padding.KERAS));
      b.add(new Layer.BatchNorm(block + "_depthwise_BN", 1e-3, 0.9));
      b.add(new Layer.Relu6(block + "_depthwise_relu"));
      b.add(Layer.Conv2d.pointwise(block + "_project", 8));
      String out = b.add(new Layer.BatchNorm(block + "_project_BN", 1e-3, 0.9));
      in = b.add(new Layer.Add(block + "_add"), in, out);
    }
    b.add(new Layer.GlobalAveragePool("pool"));
    b.add(new Layer.Dropout("dropout", 0.3));
    b.add(new Layer.Dense("predictions", 1));
    b.add(new Layer.Sigmoid("probability"));
    return b.build();
  }

  private static TrainingSpec spec(Network network, String first, BatchNormMode mode) {
    return new TrainingSpec(TrainingSpec.layersFrom(network, network.index(first)), mode, new Loss.BinaryCrossEntropy(),
        Optional.of(Optimizer.Adam.keras()));
  }

  /**
   * In a phase that a backend may take sample by sample, one of them may be steps ahead of another: values for the whole batch must
   * not follow one another in the same memory there.
   */
  private static void assertSamplesKeepApart(Plan plan) {
    for (Phase phase : plan.phases()) {
      if (phase.kind() != Phase.Kind.BATCH) {
        var first = new HashMap<Integer, Integer>();
        for (Step step : phase.steps()) {
          for (int id : Stream.concat(step.reads().stream(), step.writes().stream()).toList()) {
            Value value = plan.value(id);
            if (value.placement() == Placement.BATCH) {
              int before = first.computeIfAbsent(value.slot(), _ -> id);
              assertTrue(before == id || step.elementwise(), () -> step + " uses memory of another sample");
            }
          }
        }
      }
    }
  }

  /** Walks the plan as a backend would and checks that no value is overwritten while somebody still needs it. */
  private static void assertMemoryIsSound(Plan plan) {
    assertSamplesKeepApart(plan);
    int[] owner = new int[plan.slots().size()];
    Arrays.fill(owner, -1);
    owner[plan.value(plan.input()).slot()] = plan.input();
    for (Step step : plan.steps()) {
      for (int read : step.reads()) {
        assertEquals(read, owner[plan.value(read).slot()], () -> step + " reads a value that was overwritten");
      }
      for (int written : step.writes()) {
        Value value = plan.value(written);
        Slot slot = plan.slots().get(value.slot());
        assertEquals(slot.placement(), value.placement());
        assertTrue(
            slot.size() >= (value.placement() == Placement.SAMPLE ? value.shape().size() : value.size(plan.batch())));
        for (int read : step.reads()) {
          assertTrue(read == written || step.elementwise() || plan.value(read).slot() != value.slot(),
              () -> step + " writes over its own input");
        }
      }
      for (int written : step.writes()) {
        owner[plan.value(written).slot()] = written;
      }
    }
    for (int tap : plan.taps().values()) {
      assertEquals(tap, owner[plan.value(tap).slot()], "a tap was overwritten");
    }
  }

  @Test
  void inferenceFoldsEveryNormalisationAndFusesTheResidual() {
    Plan plan = Planner.inference(network(), 4, ALL, Set.of());
    assertTrue(plan.steps().stream().noneMatch(s -> s instanceof Step.Normalize || s instanceof Step.Rectify));
    assertTrue(plan.steps().stream().noneMatch(s -> s instanceof Step.AddUp || s instanceof Step.DropOut));
    List<Step.FusedConvolve> residual = plan.steps().stream()
        .filter(s -> s instanceof Step.FusedInvertedResidual f && f.project().residual().isPresent())
        .map(s -> ((Step.FusedInvertedResidual) s).project()).toList();
    assertEquals(2, residual.size());
    assertEquals(List.of("a_project", "a_project_BN", "a_add"), residual.getFirst().layers());
    assertMemoryIsSound(plan);
  }

  /** With its normalisations the stem has 248 parameters for 189 values that it reads and 160 that it writes, a block 824 for 320. */
  @Test
  void whatHasMoreParametersThanValuesIsKeptForTheWholeBatch() {
    Plan plan = Planner.inference(network(), 4, ALL, Set.of());
    assertEquals(List.of(Phase.Kind.PER_SAMPLE, Phase.Kind.INDEPENDENT),
        plan.phases().stream().map(Phase::kind).toList());
    assertEquals(List.of("stem"), plan.phases().getFirst().steps().stream()
        .map(step -> ((Step.FusedConvolve) step).layer().name()).toList());
    assertEquals(Placement.BATCH, plan.value(plan.steps().getFirst().writes().getFirst()).placement());
    assertEquals(Placement.GROUP, plan.value(plan.steps().get(1).writes().getFirst()).placement());
  }

  @Test
  void aBackendWithoutFusionsGetsEveryLayerByItself() {
    Network network = network();
    Plan plan = Planner.inference(network, 4, Set.of(), Set.of());
    // All layers but the input, and the dropout, which does nothing in inference.
    assertEquals(network.nodes().size() - 2, plan.steps().size());
    assertMemoryIsSound(plan);
  }

  @Test
  void aTapIsNeverFusedAwayNorOverwritten() {
    Plan plan = Planner.inference(network(), 4, ALL, Set.of("a_project_BN", "a_expand", "stem_relu", "pool"));
    for (String tap : List.of("a_project_BN", "a_expand", "stem_relu", "pool", "probability")) {
      assertEquals(Placement.BATCH, plan.tap(tap).placement());
    }
    assertMemoryIsSound(plan);
    assertThrows(IllegalArgumentException.class, () -> plan.tap("b_expand"));
    assertThrows(IllegalArgumentException.class, () -> Planner.inference(network(), 1, ALL, Set.of("nowhere")));
  }

  @Test
  void theHeadAloneTrainsOnAFoldedBase() {
    Network network = network();
    Plan plan = Planner.training(network, 4, spec(network, "predictions", BatchNormMode.TRAINING), ALL, Set.of());
    assertEquals(List.of(Phase.Kind.PER_SAMPLE, Phase.Kind.INDEPENDENT, Phase.Kind.BATCH),
        plan.phases().stream().map(Phase::kind).toList());
    assertTrue(plan.phases().stream().limit(2).flatMap(phase -> phase.steps().stream())
        .allMatch(
            s -> s instanceof Step.FusedConvolve || s instanceof Step.FusedInvertedResidual
                || s instanceof Step.AveragePool));
    assertTrue(plan.steps().stream().noneMatch(s -> s instanceof Step.NormalizeBatch));
    List<Step> body = plan.phases().getLast().steps();
    assertTrue(body.get(0) instanceof Step.DropOut);
    assertTrue(body.get(1) instanceof Step.Multiply);
    assertTrue(body.get(2) instanceof Step.ComputeLoss);
    // Nothing before the dense layer trains, so its backward step stops there.
    assertTrue(body.get(3) instanceof Step.MultiplyBackward back && back.dx().isEmpty());
    assertEquals(List.of("predictions/kernel", "predictions/bias"), ((Step.Update) body.get(4)).parameters());
    assertEquals(5, body.size());
    assertMemoryIsSound(plan);
  }

  @Test
  void fromTheSecondBlockOnOnlyThatBlockHasBackwardSteps() {
    Network network = network();
    Plan plan = Planner.training(network, 5, spec(network, "b_expand", BatchNormMode.TRAINING), ALL, Set.of());
    List<Step> prefix = plan.phases().get(1).steps();
    assertTrue(prefix.getLast() instanceof Step.FusedInvertedResidual last
        && last.project().layers().getLast().equals("a_add"));
    // Every convolution takes its own statistics; only the block's result is normalised by a step of its own, with the sum.
    assertTrue(plan.steps().stream().noneMatch(s -> s instanceof Step.NormalizeBatch || s instanceof Step.Rectify));
    assertEquals(3,
        plan.steps().stream().filter(s -> s instanceof Step.TrainConvolve f && f.after().isPresent()).count());
    assertEquals(List.of("b_project_BN"), plan.steps().stream().filter(s -> s instanceof Step.FinishNormalization)
        .flatMap(s -> ((Step.FinishNormalization) s).normalization().layers()).toList());
    // The block's input is frozen: neither the expansion nor the residual sends a gradient there.
    plan.steps().forEach(step -> {
      if (step instanceof Step.TrainConvolveBackward back && back.forward().convolution() instanceof Step.Convolve f
          && f.layer().name().equals("b_expand")) {
        assertTrue(back.dx().isEmpty());
      }
      if (step instanceof Step.FinishNormalizationBackward back) {
        assertTrue(back.other().isEmpty());
      }
    });
    assertMemoryIsSound(plan);
  }

  @Test
  void aResidualWritesTheGradientOnceAndThenAddsToIt() {
    Network network = network();
    for (BatchNormMode mode : BatchNormMode.values()) {
      Plan plan = Planner.training(network, 3, spec(network, "stem", mode), Set.of(), Set.of());
      int shared = plan.values().stream().filter(v -> v.name().equals("d(a_add)")).findFirst().orElseThrow().id();
      List<Step> writers = plan.steps().stream().filter(s -> s.writes().contains(shared)).toList();
      assertEquals(2, writers.size());
      assertTrue(
          writers.get(0) instanceof Step.AddUpBackward first && first.da().orElseThrow().mode() == Target.Mode.WRITE);
      assertTrue(writers.get(1) instanceof Step.ConvolveBackward second
          && second.dx().orElseThrow().mode() == Target.Mode.ACCUMULATE);
      assertMemoryIsSound(plan);
    }
  }

  @Test
  void aFrozenNormalisationAboveATrainedKernelIsNeitherFoldedNorTrained() {
    Network network = network();
    Plan plan = Planner.training(network, 3, spec(network, "stem", BatchNormMode.FROZEN), ALL, Set.of());
    assertEquals(1, plan.phases().size());
    assertFalse(plan.steps().stream().anyMatch(s -> s instanceof Step.FusedConvolve));
    Step.Update update = (Step.Update) plan.steps().getLast();
    assertTrue(update.parameters().stream().noneMatch(p -> p.endsWith("gamma") || p.endsWith("beta")));
    assertMemoryIsSound(plan);
  }

  @Test
  void withNothingToTrainThePlanStillGivesTheLoss() {
    Network network = network();
    TrainingSpec nothing =
        new TrainingSpec(Set.of(), BatchNormMode.TRAINING, new Loss.BinaryCrossEntropy(), Optional.empty());
    Plan plan = Planner.training(network, 2, nothing, ALL, Set.of());
    assertTrue(plan.steps().getLast() instanceof Step.ComputeLoss);
    assertMemoryIsSound(plan);
  }

  @Test
  void moreEqualBlocksNeedNoMoreMemoryForInference() {
    long two = Planner.inference(network("a", "b"), 1, ALL, Set.of()).elements();
    long six = Planner.inference(network("a", "b", "c", "d", "e", "f"), 1, ALL, Set.of()).elements();
    assertEquals(two, six);
  }

  @Test
  void aBlockIsOneStepUnlessATapLooksInside() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(64, 64, 8)));
    b.add(Layer.Conv2d.pointwise("expand", 48));
    b.add(new Layer.Relu6("expand_relu"));
    b.add(new Layer.DepthwiseConv2d("depthwise", 3, 2, Padding.KERAS));
    b.add(Layer.Conv2d.pointwise("project", 8));
    b.add(Layer.Conv2d.pointwise("expand_2", 48));
    b.add(new Layer.DepthwiseConv2d("depthwise_2", 3, 1, Padding.KERAS));
    b.add(Layer.Conv2d.pointwise("project_2", 8));
    b.add(new Layer.Add("add"), "project", "project_2");
    Network network = b.build();
    Plan plan = Planner.inference(network, 2, ALL, Set.of());
    // the second block's sum has two outputs of blocks, of which one can be its residual
    assertEquals(2, plan.steps().size());
    Step.FusedInvertedResidual block = (Step.FusedInvertedResidual) plan.steps().getFirst();
    assertEquals(List.of("expand", "expand_relu"), block.expand().orElseThrow().layers());
    assertEquals(-1, plan.value(block.depthwise().y()).slot());
    assertMemoryIsSound(plan);
    // A tap inside keeps the block apart.
    Plan tapped = Planner.inference(network, 2, ALL, Set.of("depthwise", "depthwise_2"));
    assertTrue(tapped.steps().stream().noneMatch(s -> s instanceof Step.FusedInvertedResidual));
    assertMemoryIsSound(tapped);
  }

  /** The stored sums need memory of their own, live in one step alone, and are no layer's output, so that a tap keeps the pair apart. */
  @Test
  void aDepthwiseConvolutionRectifiesWhatItReads() {
    Set<Fusion> fusions = Set.of(Fusion.CONVOLVE, Fusion.DEPTHWISE, Fusion.RECTIFIED_DEPTHWISE);
    Plan plan = Planner.inference(network(), 4, fusions, Set.of());
    List<Step.RectifiedDepthwise> pairs = plan.steps().stream().filter(s -> s instanceof Step.RectifiedDepthwise)
        .map(s -> (Step.RectifiedDepthwise) s).toList();
    assertEquals(List.of(List.of("a_expand", "a_expand_BN", "a_expand_relu"), List.of("b_expand", "b_expand_BN",
        "b_expand_relu")), pairs.stream().map(pair -> pair.convolution().layers()).toList());
    assertEquals(List.of("b_depthwise", "b_depthwise_BN", "b_depthwise_relu"), pairs.getLast().depthwise().layers());
    for (Step.RectifiedDepthwise pair : pairs) {
      Value sums = plan.value(pair.convolution().y());
      assertTrue(sums.slot() >= 0 && sums.slot() != plan.value(pair.y()).slot()
          && sums.slot() != plan.value(pair.convolution().x()).slot());
      assertTrue(
          plan.steps().stream().noneMatch(step -> step != pair && step.reads().contains(pair.convolution().y())));
    }
    assertMemoryIsSound(plan);
    for (String tap : List.of("a_expand", "a_expand_BN", "a_expand_relu")) {
      Plan tapped = Planner.inference(network(), 4, fusions, Set.of(tap));
      assertEquals(1, tapped.steps().stream().filter(step -> step instanceof Step.RectifiedDepthwise).count(), tap);
      assertMemoryIsSound(tapped);
    }
  }

  @Test
  void aTapInsideATrainingFusionIsKept() {
    Network network = network();
    for (String tap : List.of("a_expand", "a_expand_BN", "a_expand_relu", "a_project_BN", "stem_relu")) {
      for (String name : List.of(tap, Planner.gradientOf(tap))) {
        Plan plan = Planner.training(network, 3, spec(network, "stem", BatchNormMode.TRAINING), ALL, Set.of(name));
        assertEquals(Placement.BATCH, plan.tap(name).placement());
        assertMemoryIsSound(plan);
      }
    }
  }

  @Test
  void whatIsNormalisedAsItIsReadNeedsNoMemory() {
    Network network = network("a", "b", "c", "d", "e", "f");
    TrainingSpec spec = spec(network, "stem", BatchNormMode.TRAINING);
    Plan fused = Planner.training(network, 8, spec, ALL, Set.of());
    Plan single = Planner.training(network, 8, spec, Set.of(), Set.of());
    assertMemoryIsSound(fused);
    assertMemoryIsSound(single);
    assertTrue(fused.elements() < 0.7 * single.elements(), fused.elements() + " against " + single.elements());
  }

  /** A backend whose pointwise convolutions read what is stored, and that takes back each convolution by itself. */
  @Test
  void onlyTheFusionsOfABackendArePlanned() {
    Network network = network();
    TrainingSpec spec = spec(network, "stem", BatchNormMode.TRAINING);
    Plan plan = Planner.training(network, 8, spec, Set.of(Fusion.BATCH_STATISTICS), Set.of());
    List<Step.TrainConvolve> convolutions = plan.steps().stream().filter(s -> s instanceof Step.TrainConvolve)
        .map(s -> (Step.TrainConvolve) s).toList();
    for (Step.TrainConvolve step : convolutions) {
      assertEquals(step.convolution() instanceof Step.DepthwiseConvolve, step.before().isPresent(), step.toString());
      assertTrue(step.after().isPresent());
    }
    assertTrue(convolutions.stream().anyMatch(step -> step.before().isPresent()));
    assertTrue(plan.steps().stream().noneMatch(s -> s instanceof Step.ExpandedBackward));
    assertMemoryIsSound(plan);
  }

  /** Convolution, a sigmoid inside, pooling, dense, sigmoid; beside them a branch that nobody reads. */
  private static Network gated() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(4, 5, 2)));
    b.add(new Layer.Conv2d("conv", 3, 3, 1, Padding.KERAS, true));
    b.add(new Layer.Sigmoid("gate"));
    b.add(new Layer.GlobalAveragePool("pool"));
    b.add(new Layer.Dense("unread", 4), "pool");
    b.add(new Layer.Relu6("unread_relu"), "unread");
    b.add(new Layer.Dense("predictions", 1), "pool");
    b.add(new Layer.Sigmoid("probability"));
    return b.build();
  }

  private static TrainingSpec trains(String... layers) {
    return new TrainingSpec(Set.of(layers), BatchNormMode.TRAINING, new Loss.BinaryCrossEntropy(), Optional.empty());
  }

  private static String refused(Executable plan) {
    return assertThrows(IllegalArgumentException.class, plan).getMessage();
  }

  @Test
  void aSigmoidInsideIsPlannedOnlyWhereNoGradientGoesBackThroughIt() {
    Network network = gated();
    assertMemoryIsSound(Planner.inference(network, 3, ALL, Set.of()));
    for (Set<Fusion> fusions : List.of(ALL, Set.<Fusion>of())) {
      Plan plan = Planner.training(network, 3, trains("predictions"), fusions, Set.of());
      assertEquals(1, plan.steps().stream().filter(step -> step instanceof Step.ApplySigmoid).count());
      assertMemoryIsSound(plan);
      assertMemoryIsSound(Planner.explanation(network, 3, fusions, Set.of("gate")));
      assertMemoryIsSound(Planner.explanation(network, 3, fusions, Set.of("pool")));
    }
    String training = refused(() -> Planner.training(network, 3, trains("conv"), ALL, Set.of()));
    assertTrue(training.contains("layer 'gate' is a Sigmoid inside the network"), training);
    String explanation = refused(() -> Planner.explanation(network, 3, ALL, Set.of("conv")));
    assertTrue(explanation.contains("layer 'gate'"), explanation);
    var twice = Network.builder();
    twice.add(new Layer.Input("input", Shape.of(4, 5, 2)));
    twice.add(new Layer.GlobalAveragePool("pool"));
    twice.add(new Layer.Dense("dense", 2));
    twice.add(new Layer.Softmax("first"));
    twice.add(new Layer.Sigmoid("second"));
    Network two = twice.build();
    String message = refused(() -> Planner.training(two, 3, trains("dense"), ALL, Set.of()));
    assertTrue(message.contains("layer 'first' is a Softmax inside the network"), message);
  }

  @Test
  void aLayerThatNobodyReadsHasNoGradient() {
    Network network = gated();
    String training = refused(() -> Planner.training(network, 3, trains("predictions", "unread"), ALL, Set.of()));
    assertTrue(training.contains("layer 'unread' is trainable, but nothing leads from it to 'predictions'"), training);
    for (String layer : List.of("unread_relu", "probability")) {
      String explanation = refused(() -> Planner.explanation(network, 3, ALL, Set.of(layer)));
      assertTrue(explanation.contains("layer '" + layer + "' cannot be explained"), explanation);
    }
  }

  /** The branch is calculated, with dropout in it, and its tap is read, but nothing of it goes back. */
  @Test
  void aBranchThatNobodyReadsMayHangOnATrainedLayer() {
    Plan plan = Planner.training(branched(), 3, trains("conv", "predictions"), ALL, Set.of("unread_relu"));
    assertTrue(plan.steps().stream().noneMatch(step -> step instanceof Step.RectifyBackward));
    assertMemoryIsSound(plan);
  }

  private static Network branched() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(4, 5, 2)));
    b.add(new Layer.Conv2d("conv", 3, 3, 1, Padding.KERAS, true));
    b.add(new Layer.Dropout("unread", 0.3), "conv");
    b.add(new Layer.Relu6("unread_relu"), "unread");
    b.add(new Layer.GlobalAveragePool("pool"), "conv");
    b.add(new Layer.Dense("predictions", 1));
    return b.build();
  }

  @Test
  void namesThatAreNoLayersAreRefusedWithThoseMostLikeThem() {
    Network network = network();
    String typo = refused(() -> Planner.training(network, 2, trains("predictons", "stem"), ALL, Set.of()));
    assertTrue(typo.startsWith("layer 'predictons' is to be trained, but the network has no layer 'predictons'; "
        + "the names most like it are 'predictions'"), typo);
    var rates = new TrainingSpec(Set.of("stem"), BatchNormMode.FROZEN, new Loss.BinaryCrossEntropy(),
        Optional.of(Optimizer.Adam.keras()), Map.of("stm", 0.5));
    for (Executable plan : List.<Executable>of(() -> Planner.training(network, 2, rates, ALL, Set.of()),
        () -> Planner.update(network, rates))) {
      String message = refused(plan);
      assertTrue(message.contains("'stm' is to have a learning rate of its own"), message);
    }
    for (double factor : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals("the learning rate of layer stem is multiplied by " + factor + ", but must be by a number above 0",
          refused(() -> new TrainingSpec(Set.of("stem"), BatchNormMode.FROZEN, new Loss.BinaryCrossEntropy(),
              Optional.empty(), Map.of("stem", factor))));
    }
    int layers = network.nodes().size();
    for (int first : new int[] {-1, layers + 1, 99}) {
      String message = refused(() -> TrainingSpec.layersFrom(network, first));
      assertEquals(
          "there is no layer " + first + " to train from: the network's layers are 0 (input) to " + (layers - 1)
              + " (probability); network.index(name) gives a layer's number",
          message);
    }
    assertEquals(Set.of(), TrainingSpec.layersFrom(network, layers));
    assertEquals(Set.of("probability"), TrainingSpec.layersFrom(network, layers - 1));
  }

  @Test
  void aLossMustFitTheHead() {
    var binary = List.of(new Loss.BinaryCrossEntropy(), new Loss.ClippedBinaryCrossEntropy());
    var categorical = new Loss.CategoricalCrossEntropy();
    for (Loss loss : binary) {
      assertTrue(refused(() -> plan(3, new Layer.Softmax("head"), loss)).contains("layer 'head' is a Softmax"));
      plan(1, new Layer.Sigmoid("head"), loss);
      plan(3, new Layer.Sigmoid("head"), loss);
      plan(3, new Layer.Dropout("dropout", 0), loss);
    }
    assertTrue(refused(() -> plan(3, new Layer.Sigmoid("head"), categorical)).contains("layer 'head' is a Sigmoid"));
    for (Layer head : List.of(new Layer.Softmax("head"), new Layer.Dropout("head", 0))) {
      assertTrue(refused(() -> plan(1, head, categorical)).contains("needs 2 outputs or more"));
      plan(2, head, categorical);
    }
    plan(1, new Layer.Sigmoid("head"), new Loss.WeightedLogits());
  }

  /** A softmax of a map has a sum of 1 at each pixel, the loss one over all of them. */
  @Test
  void aSoftmaxOfPixelsHasNoLoss() {
    assertEquals(
        "the loss CategoricalCrossEntropy takes all outputs together, but layer 'head' is a Softmax of each pixel "
            + "of [2,1,3] by itself; put a GlobalAveragePool before it",
        refused(() -> softmaxOfMap(2, 1)));
    softmaxOfMap(1, 1);
  }

  private static Plan softmaxOfMap(int height, int width) {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(height, width, 2)));
    b.add(Layer.Conv2d.pointwise("conv", 3));
    b.add(new Layer.Softmax("head"));
    return Planner.training(b.build(), 2, new TrainingSpec(Set.of("conv"), BatchNormMode.FROZEN,
        new Loss.CategoricalCrossEntropy(), Optional.empty()), ALL, Set.of());
  }

  private static Plan plan(int outputs, Layer head, Loss loss) {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(4, 5, 2)));
    b.add(new Layer.GlobalAveragePool("pool"));
    b.add(new Layer.Dense("dense", outputs));
    b.add(head);
    return Planner.training(b.build(), 2,
        new TrainingSpec(Set.of("dense"), BatchNormMode.FROZEN, loss, Optional.empty()), ALL, Set.of());
  }

  @Test
  void aTapThatIsNotCalculatedSaysWhyAndWhatToTap() {
    Network network = network();
    TrainingSpec spec = spec(network, "b_expand", BatchNormMode.TRAINING);
    for (String typo : List.of("stemm", "d(stemm)")) {
      for (Executable plan : List.<Executable>of(() -> Planner.inference(network, 1, ALL, Set.of(typo)),
          () -> Planner.training(network, 1, spec, ALL, Set.of(typo)))) {
        String message = refused(plan);
        assertTrue(message.startsWith("'" + typo + "' cannot be tapped: the network has no layer '" + typo + "'; the "
            + "names most like it are 'stem"), message);
      }
    }
    String inference = refused(() -> Planner.inference(network, 1, ALL, Set.of(Planner.gradientOf("stem"))));
    assertTrue(inference.contains("'d(stem)' cannot be tapped: an inference plan calculates no gradients"), inference);
    String head = refused(() -> Planner.training(network, 1, spec, ALL, Set.of("probability")));
    assertTrue(head.contains("leaves the head out; tap the logits, 'predictions'"), head);
    String headGradient = refused(() -> Planner.training(network, 1, spec, ALL, Set.of("d(probability)")));
    assertTrue(headGradient.contains("leaves the head out; tap the logits, 'd(predictions)'"), headGradient);
    String frozen = refused(() -> Planner.training(network, 1, spec, ALL, Set.of("d(stem)")));
    assertTrue(frozen.contains("the way back does not come to layer 'stem'"), frozen);
  }

  @Test
  void aPlanShowsALineForEachStep() {
    Network network = network();
    Plan plan = Planner.training(network, 4, spec(network, "predictions", BatchNormMode.TRAINING), Set.of(), Set.of());
    String[] lines = plan.toString().split("\\n");
    assertEquals(1 + plan.steps().size(), lines.length);
    assertEquals("plan for batches of 4, " + plan.steps().size() + " steps", lines[0]);
    assertEquals("PER_SAMPLE   Convolve                     input -> stem[5,4,8]", lines[1]);
    assertEquals("BATCH        ComputeLoss                  predictions -> d(predictions)[1]",
        lines[lines.length - 3]);
    assertTrue(lines[lines.length - 1].startsWith("BATCH        Update"), plan::toString);
  }
}
