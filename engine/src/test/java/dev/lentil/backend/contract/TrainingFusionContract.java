package dev.lentil.backend.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.plan.Fusion;
import dev.lentil.plan.Planner;
import dev.lentil.plan.Step;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a backend fuses for training, {@link Fusion#BATCH_STATISTICS} and what builds on it, gives what the reference gives layer
 * by layer: loss, every gradient, moving statistics.
 */
public abstract class TrainingFusionContract {
  /** The backend under test. */
  protected abstract String backend();

  /** An inverted residual. */
  private record Block(int height, int width, int channels, int wide, int kernel, int stride, Padding padding) {
    private Network network() {
      var b = Network.builder();
      b.add(new Layer.Input("input", Shape.of(height, width, 3)));
      b.add(Layer.Conv2d.pointwise("stem", channels));
      b.add(new Layer.BatchNorm("stem_BN", 1e-3, 0.9));
      b.add(Layer.Conv2d.pointwise("expand", wide));
      b.add(new Layer.BatchNorm("expand_BN", 1e-3, 0.9));
      b.add(new Layer.Relu6("expand_relu"));
      b.add(new Layer.DepthwiseConv2d("depthwise", kernel, stride, padding));
      b.add(new Layer.BatchNorm("depthwise_BN", 1e-3, 0.9));
      b.add(new Layer.Relu6("depthwise_relu"));
      b.add(Layer.Conv2d.pointwise("project", channels));
      String end = b.add(new Layer.BatchNorm("project_BN", 1e-3, 0.9));
      if (stride == 1 && padding == Padding.KERAS) {
        b.add(new Layer.Add("add"), "stem_BN", end);
      }
      b.add(Layer.Conv2d.pointwise("last", 8));
      b.add(new Layer.BatchNorm("last_BN", 1e-3, 0.9));
      b.add(new Layer.Relu6("last_relu"));
      // The pooling's gradient, the same for all pixels, would nearly vanish in a normalisation before it.
      b.add(new Layer.DepthwiseConv2d("uneven", 3, 2, Padding.KERAS));
      b.add(new Layer.GlobalAveragePool("pool"));
      b.add(new Layer.Dense("logits", 3));
      return b.build();
    }
  }

  /** Every kernel size, stride and padding; whole packs of channels, pairs of them, and odd numbers. */
  @ParameterizedTest
  @ValueSource(ints = {8, 15, 34})
  void everyWindow(int wide) {
    var blocks = new ArrayList<Block>();
    // A depthwise kernel of 1x1 only scales what the normalisation after it scales back.
    for (int kernel : new int[] {3, 5}) {
      for (int stride : new int[] {1, 2}) {
        for (Padding padding : Padding.values()) {
          blocks.add(new Block(5 + kernel, 6 + stride + wide % 3, wide - 3, wide, kernel, stride, padding));
        }
      }
    }
    compare("block " + wide + " wide", blocks, "stem");
  }

  /** Rows enough for several groups of sums, more channels than a block of threads takes, and images of few pixels. */
  @Test
  void everySize() {
    compare("block",
        List.of(new Block(17, 23, 8, 8, 3, 1, Padding.KERAS), new Block(24, 35, 4, 16, 3, 2, Padding.KERAS),
            new Block(4, 3, 8, 296, 3, 1, Padding.SYMMETRIC), new Block(3, 4, 5, 131, 3, 2, Padding.KERAS),
            new Block(1, 1, 8, 24, 3, 1, Padding.KERAS), new Block(2, 9, 8, 24, 3, 2, Padding.SYMMETRIC)),
        "stem");
  }

  /** The way back ends inside of the block: at a convolution, at a normalisation. */
  @ParameterizedTest
  @ValueSource(strings = {"expand", "expand_BN", "expand_relu", "depthwise", "depthwise_BN", "project", "project_BN"})
  void behindAFrozenPart(String firstTrained) {
    compare("from " + firstTrained, List.of(new Block(7, 6, 8, 24, 3, 1, Padding.KERAS),
        new Block(7, 6, 8, 24, 3, 2, Padding.SYMMETRIC), new Block(7, 6, 5, 15, 3, 1, Padding.KERAS)), firstTrained);
  }

  /** Two readers of the normalised value, one of them the block; a normalisation in front of the logits' pooling. */
  @Test
  void readTwice() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(6, 7, 3)));
    b.add(new Layer.DepthwiseConv2d("first", 3, 1, Padding.KERAS));
    b.add(new Layer.BatchNorm("first_BN", 1e-3, 0.9));
    b.add(Layer.Conv2d.pointwise("stem", 16));
    b.add(new Layer.BatchNorm("stem_BN", 1e-3, 0.9));
    b.add(new Layer.Relu6("stem_relu"));
    b.add(new Layer.DepthwiseConv2d("left", 3, 1, Padding.KERAS), "stem_relu");
    b.add(new Layer.BatchNorm("left_BN", 1e-3, 0.9));
    b.add(new Layer.DepthwiseConv2d("right", 3, 1, Padding.KERAS), "stem_relu");
    b.add(new Layer.Add("sum"), "right", "left_BN");
    b.add(Layer.Conv2d.pointwise("last", 16));
    b.add(new Layer.BatchNorm("last_BN", 1e-3, 0.9));
    b.add(new Layer.Relu6("last_relu"));
    b.add(new Layer.DepthwiseConv2d("end", 3, 2, Padding.KERAS));
    b.add(new Layer.GlobalAveragePool("pool"));
    b.add(new Layer.Dense("logits", 3));
    var worst = new WorstErrors();
    try (Pair pair = Pair.of(backend())) {
      compare(worst, pair, b.build(), "first", "read twice");
    }
    worst.judge(backend() + " training, read twice", OperationContract.LIMIT);
  }

  /** One pixel of one image that is no number: nothing on its way may make a number of it. */
  @Test
  void notANumberReachesTheLoss() {
    try (Pair pair = Pair.of(backend())) {
      for (Block block : List.of(new Block(9, 7, 8, 24, 3, 1, Padding.KERAS),
          new Block(9, 8, 8, 24, 3, 2, Padding.KERAS),
          new Block(9, 7, 5, 15, 5, 1, Padding.SYMMETRIC))) {
        notANumberReaches(SmallNetworks.loss(3), pair, block);
      }
      for (Loss loss : List.of(new Loss.BinaryCrossEntropy(), new Loss.ClippedBinaryCrossEntropy())) {
        notANumberReaches(loss, pair, new Block(9, 7, 8, 24, 3, 1, Padding.KERAS));
      }
    }
  }

  private static void notANumberReaches(Loss loss, Pair pair, Block block) {
    Network network = block.network();
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 1), BatchNormMode.TRAINING, loss, Optional.empty());
    var random = new RandomTensors(5);
    Batch numbers = random.batch(network, 3, spec.loss());
    float[] pixels = numbers.images().floats().clone();
    pixels[pixels.length / 2] = Float.NaN;
    Batch batch =
        new Batch(Tensor.of(numbers.images().shape(), pixels), numbers.labels(), numbers.weights());
    var weights = random.weights(network);
    for (Device device : List.of(pair.tested(), pair.reference())) {
      assertTrue(Double.isFinite(Pair.train(device, network, spec, weights, numbers, Set.of()).loss()));
      assertTrue(Double.isNaN(Pair.train(device, network, spec, weights, batch, Set.of()).loss()),
          () -> device.describe() + ", " + block + ", " + loss);
    }
  }

  private void compare(String title, List<Block> blocks, String firstTrained) {
    var worst = new WorstErrors();
    try (Pair pair = Pair.of(backend())) {
      for (Block block : blocks) {
        compare(worst, pair, block.network(), firstTrained, block.toString());
      }
    }
    worst.judge(backend() + " training, " + title, OperationContract.LIMIT);
  }

  private static void compare(WorstErrors worst, Pair pair, Network network, String firstTrained, String where) {
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, network.index(firstTrained)), BatchNormMode.TRAINING,
        SmallNetworks.loss(3), Optional.empty());
    boolean fused = Planner.training(network, 3, spec, pair.tested().fusions(), Set.of()).steps().stream()
        .anyMatch(step -> step instanceof Step.TrainConvolve);
    assertEquals(pair.tested().fusions().contains(Fusion.BATCH_STATISTICS), fused, where);
    NetworkContract.compareOnce(worst, pair, network, spec, SmallNetworks.awayFromKinks(network, spec, 3), where);
  }
}
