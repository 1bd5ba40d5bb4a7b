package dev.lentil.backend.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Device;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.plan.Fusion;
import dev.lentil.plan.Planner;
import dev.lentil.plan.Step;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What a backend fuses for inference gives what the reference gives layer by layer. */
public abstract class FusionContract {
  /** The backend under test. */
  protected abstract String backend();

  @Test
  void convolutionNormalizationRectification() {
    compare("Conv2d+BatchNorm+Relu6", (g, b) -> {
      b.add(new Layer.Conv2d("conv", g.filters(), g.kernel(), g.stride(), g.padding(), g.batch() == 2));
      b.add(new Layer.BatchNorm("bn", 1e-3, 0.9));
      b.add(new Layer.Relu6("relu"));
    });
  }

  @Test
  void convolutionRectification() {
    compare("Conv2d+Relu6", (g, b) -> {
      b.add(new Layer.Conv2d("conv", g.filters(), g.kernel(), g.stride(), g.padding(), true));
      b.add(new Layer.Relu6("relu"));
    });
  }

  @Test
  void convolutionNormalization() {
    compare("Conv2d+BatchNorm", (g, b) -> {
      b.add(new Layer.Conv2d("conv", g.filters(), g.kernel(), g.stride(), g.padding(), false));
      b.add(new Layer.BatchNorm("bn", 1e-3, 0.9));
    });
  }

  @Test
  void convolutionNormalizationResidual() {
    compare("Conv2d+BatchNorm+Add", (g, b) -> {
      b.add(new Layer.Conv2d("conv", g.channels(), g.kernel(), 1, Padding.KERAS, false));
      b.add(new Layer.BatchNorm("bn", 1e-3, 0.9));
      if (g.batch() == 2) {
        b.add(new Layer.Add("add"), "bn", "input");
      } else {
        b.add(new Layer.Add("add"), "input", "bn");
      }
    });
  }

  @Test
  void depthwiseNormalizationRectification() {
    compare("DepthwiseConv2d+BatchNorm+Relu6", (g, b) -> {
      b.add(new Layer.DepthwiseConv2d("conv", g.kernel(), g.stride(), g.padding()));
      b.add(new Layer.BatchNorm("bn", 1e-3, 0.9));
      b.add(new Layer.Relu6("relu"));
    });
  }

  /** What a depthwise convolution may rectify as it reads: of any window, with and without a normalisation or bias. */
  @Test
  void depthwiseAfterARectifiedConvolution() {
    Predicate<Step> together = step -> step instanceof Step.RectifiedDepthwise;
    for (boolean last : new boolean[] {true, false}) {
      compare("Conv2d+BatchNorm+Relu6+DepthwiseConv2d" + (last ? "+BatchNorm+Relu6" : ""),
          Optional.of(Fusion.RECTIFIED_DEPTHWISE), together, (g, b) -> {
            b.add(new Layer.Conv2d("conv", g.filters(), g.kernel(), 1, g.padding(), g.batch() == 2));
            b.add(new Layer.BatchNorm("bn", 1e-3, 0.9));
            b.add(new Layer.Relu6("relu"));
            b.add(new Layer.DepthwiseConv2d("depthwise", g.kernel(), g.stride(), Padding.KERAS));
            if (last) {
              b.add(new Layer.BatchNorm("last_bn", 1e-3, 0.9));
              b.add(new Layer.Relu6("last_relu"));
            }
          });
    }
    compare("Conv2d+Relu6+DepthwiseConv2d", Optional.of(Fusion.RECTIFIED_DEPTHWISE), together, (g, b) -> {
      b.add(new Layer.Conv2d("conv", g.filters(), g.kernel(), 1, g.padding(), g.batch() == 2));
      b.add(new Layer.Relu6("relu"));
      b.add(new Layer.DepthwiseConv2d("depthwise", g.kernel(), g.stride(), Padding.SYMMETRIC));
    });
  }

  @Test
  void depthwiseNormalization() {
    compare("DepthwiseConv2d+BatchNorm", (g, b) -> {
      b.add(new Layer.DepthwiseConv2d("conv", g.kernel(), g.stride(), g.padding()));
      b.add(new Layer.BatchNorm("bn", 1e-3, 0.9));
    });
  }

  @Test
  void depthwiseAlone() {
    compare("DepthwiseConv2d", (g, b) -> b.add(new Layer.DepthwiseConv2d("conv", g.kernel(), g.stride(), g.padding())));
  }

  /** A sum whose two sides are both convolutions, and one that is read again. */
  @Test
  void residualsReadTwice() {
    compare("two residuals", (g, b) -> {
      b.add(Layer.Conv2d.pointwise("left", g.filters()), "input");
      b.add(Layer.Conv2d.pointwise("right", g.filters()), "input");
      b.add(new Layer.BatchNorm("right_bn", 1e-3, 0.9));
      b.add(new Layer.Add("sum"), "left", "right_bn");
      b.add(Layer.Conv2d.pointwise("next", g.filters()));
      b.add(new Layer.Add("again"), "next", "sum");
      b.add(new Layer.Relu6("relu"));
    });
  }

  /** Large enough for several strips with rows left over, and smaller than one; whole groups of channels and a part of one. */
  @Test
  void invertedResidual() {
    invertedResidual(43, 38, 90);
    invertedResidual(7, 5, 96);
    invertedResidual(2, 3, 3);
  }

  /** An image with one value that is no number has no answer; the other images of the batch have theirs. */
  @Test
  void notANumberStaysOne() {
    try (Pair pair = Pair.of(backend())) {
      for (int kernel : new int[] {3, 5}) {
        Network network = block(9, 7, 24, 1, kernel, Padding.KERAS);
        var random = new RandomTensors(kernel);
        var weights = random.weights(network);
        Tensor images = random.normal(network.shape("input").batched(3), 0, 1);
        float[] pixels = images.floats().clone();
        pixels[pixels.length / 2] = Float.NaN;
        for (Device device : List.of(pair.tested(), pair.reference())) {
          float[] output = Pair.infer(device, network, weights, Tensor.of(images.shape(), pixels), "add").floats();
          int each = output.length / 3;
          for (int image = 0; image < 3; image++) {
            boolean numbers = true;
            for (int i = image * each; i < (image + 1) * each; i++) {
              numbers &= Float.isFinite(output[i]);
            }
            assertEquals(image != 1, numbers, device.describe() + ", image " + image);
          }
        }
      }
    }
  }

  private static Network block(int height, int width, int wide, int stride, int kernel, Padding padding) {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(height, width + kernel, 3)));
    b.add(new Layer.Conv2d("stem", 10, 3, 1, padding, false));
    b.add(new Layer.BatchNorm("stem_bn", 1e-3, 0.9));
    b.add(new Layer.Relu6("stem_relu"));
    b.add(Layer.Conv2d.pointwise("expand", wide));
    b.add(new Layer.BatchNorm("expand_bn", 1e-3, 0.9));
    b.add(new Layer.Relu6("expand_relu"));
    b.add(new Layer.DepthwiseConv2d("depthwise", kernel, stride, padding));
    b.add(new Layer.BatchNorm("depthwise_bn", 1e-3, 0.9));
    b.add(new Layer.Relu6("depthwise_relu"));
    b.add(Layer.Conv2d.pointwise("project", 10));
    b.add(new Layer.BatchNorm("project_bn", 1e-3, 0.9));
    if (stride == 1) {
      b.add(new Layer.Add("add"), "stem_relu", "project_bn");
    }
    return b.build();
  }

  private void invertedResidual(int height, int width, int wide) {
    var worst = new WorstErrors();
    boolean fused = false;
    try (Pair pair = Pair.of(backend())) {
      for (int stride : new int[] {1, 2}) {
        for (Padding padding : new Padding[] {Padding.KERAS, Padding.SYMMETRIC}) {
          for (int kernel : new int[] {3, 5}) {
            for (int batch : new int[] {1, 3}) {
              Network network = block(height, width, wide, stride, kernel, padding);
              var random = new RandomTensors(stride * 100 + kernel * 10 + batch);
              var weights = random.weights(network);
              Tensor images = random.normal(network.shape("input").batched(batch), 0, 1);
              fused |= Planner.inference(network, batch, pair.tested().fusions(), Set.of()).steps().stream()
                  .anyMatch(step -> step instanceof Step.FusedInvertedResidual);
              String output = network.outputNode().name();
              worst.add("output",
                  height + "x" + width + " wide " + wide + " stride " + stride + " kernel " + kernel + " " + padding
                      + " batch " + batch,
                  Pair.infer(pair.tested(), network, weights, images, output),
                  Pair.infer(pair.reference(), network, weights, images, output));
            }
          }
        }
      }
      assertTrue(fused || !pair.tested().fusions().contains(Fusion.INVERTED_RESIDUAL), "no block was fused");
    }
    worst.judge(backend() + " inverted residual", OperationContract.LIMIT);
  }

  @Test
  void aTapInsideAFusionIsReadable() {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(9, 8, 5)));
    builder.add(new Layer.Conv2d("conv", 7, 3, 2, Padding.KERAS, false));
    builder.add(new Layer.BatchNorm("bn", 1e-3, 0.9));
    builder.add(new Layer.Relu6("relu"));
    Network network = builder.build();
    var random = new RandomTensors(1);
    var weights = random.weights(network);
    Tensor images = random.normal(Shape.of(2, 9, 8, 5), 0, 1);
    var worst = new WorstErrors();
    try (Pair pair = Pair.of(backend())) {
      for (String tap : Set.of("conv", "bn", "relu")) {
        worst.add(tap, "9x8x5", Pair.infer(pair.tested(), network, weights, images, tap),
            Pair.infer(pair.reference(), network, weights, images, tap));
      }
    }
    worst.judge(backend() + " taps", OperationContract.LIMIT);
  }

  private interface Layers {
    void addTo(Geometry geometry, Network.Builder builder);
  }

  private void compare(String name, Layers layers) {
    compare(name, Optional.empty(), step -> step instanceof Step.FusedConvolve || step instanceof Step.FusedDepthwise,
        layers);
  }

  /** Where the backend has the fusion, or any if none is named, it must have been used. */
  private void compare(String name, Optional<Fusion> fusion, Predicate<Step> wanted, Layers layers) {
    var worst = new WorstErrors();
    boolean fused = false;
    try (Pair pair = Pair.of(backend())) {
      for (Geometry g : Geometry.windows(21)) {
        var builder = Network.builder();
        builder.add(new Layer.Input("input", Shape.of(g.height(), g.width(), g.channels())));
        layers.addTo(g, builder);
        Network network = builder.build();
        var random = new RandomTensors(g.toString().hashCode());
        var weights = random.weights(network);
        Tensor images = random.normal(network.shape("input").batched(g.batch()), 0, 1);
        fused |= Planner.inference(network, g.batch(), pair.tested().fusions(), Set.of()).steps().stream()
            .anyMatch(wanted);
        String output = network.outputNode().name();
        worst.add("output", g.toString(), Pair.infer(pair.tested(), network, weights, images, output),
            Pair.infer(pair.reference(), network, weights, images, output));
      }
      Set<Fusion> has = pair.tested().fusions();
      assertEquals(fusion.map(has::contains).orElse(!has.isEmpty()), fused, "whether what the backend fuses was used");
    }
    worst.judge(backend() + " " + name, OperationContract.LIMIT);
  }
}
