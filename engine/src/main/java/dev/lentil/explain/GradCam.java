package dev.lentil.explain;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Network;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Set;

/**
 * Grad-CAM of one layer: {@code map[y,x] = sum_c w_c A[y,x,c]} with {@code w_c = mean over y,x of dz/dA[y,x,c]}, where
 * {@code A} is the layer's output and {@code z} a logit. For the last layer before global average pooling and a dense
 * layer this is the class activation map (CAM) with the dense weights divided by the number of places, exactly. Source:
 * Selvaraju et al. 2017, equations 1 and 2; Zhou et al. 2016 for CAM.
 *
 * <p>The gradients are those of the backend's own backward pass, with moving statistics and without dropout.
 */
public final class GradCam implements AutoCloseable {
  private final Executable executable;
  private final String layer;
  private final int logits;

  private GradCam(Executable executable, String layer, int logits) {
    this.executable = executable;
    this.layer = layer;
    this.logits = logits;
  }

  /**
   * @param layer any with places: its output is {@code [h,w,c]}
   * @throws IllegalArgumentException if it has none, or is not there
   */
  public static GradCam open(Device device, ParameterBank bank, String layer) {
    Network network = bank.network();
    requirePlaces(network, layer);
    var plan = Planner.explanation(network, 1, device.fusions(), Set.of(layer));
    return new GradCam(device.compile(plan, bank), layer, network.shape(Planner.logits(network)).size());
  }

  static void requirePlaces(Network network, String layer) {
    network.node(layer);
    Shape shape = network.shape(layer);
    if (shape.rank() != 3) {
      throw new IllegalArgumentException("layer '" + layer + "' has no places to show: its output is " + shape
          + ", not [height,width,channels]");
    }
  }

  /**
   * The map of an image, signed: below 0 is what speaks against. Grad-CAM as published leaves that out.
   *
   * @param image {@code [h,w,c]}, already normalised
   * @param factors of the logits: 1 for the one in question, 0 for the others; -1 for what speaks against it
   */
  public HeatMap of(Tensor image, double... factors) {
    Tensor batch = Tensor.of(image.shape().batched(1), image.doubles());
    executable.run(new Batch(batch, Tensor.of(Shape.of(1, logits), factors), Tensor.of(Shape.of(1), 1.0)),
        RunState.inference());
    return of(executable.read(layer), executable.read(Planner.gradientOf(layer)));
  }

  /** The map from one layer's output and its gradient, both {@code [1,h,w,c]}. */
  static HeatMap of(Tensor output, Tensor gradient) {
    int height = output.shape().extent(1);
    int width = output.shape().extent(2);
    int channels = output.shape().extent(3);
    int places = height * width;
    var weights = new double[channels];
    for (int i = 0; i < places * channels; i++) {
      weights[i % channels] += gradient.get(i) / places;
    }
    var map = new double[places];
    for (int i = 0; i < places * channels; i++) {
      map[i / channels] += weights[i % channels] * output.get(i);
    }
    return new HeatMap(height, width, map);
  }

  @Override
  public void close() {
    executable.close();
  }
}
