package dev.lentil.explain;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Network;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The output of one layer for one image, a map for each channel. */
public final class FeatureMaps {
  private FeatureMaps() {}

  /**
   * The first channels of a layer's output.
   *
   * @param image {@code [h,w,c]}, already normalised
   * @param layer any with places: its output is {@code [h,w,c]}
   * @param count as many as there are, if there are fewer
   * @throws IllegalArgumentException if the layer has no places, or is not there
   */
  public static List<HeatMap> of(Device device, ParameterBank bank, Tensor image, String layer, int count) {
    Network network = bank.network();
    GradCam.requirePlaces(network, layer);
    var plan = Planner.inference(network, 1, device.fusions(), Set.of(layer));
    try (Executable executable = device.compile(plan, bank)) {
      executable.run(Batch.of(Tensor.of(image.shape().batched(1), image.doubles())), RunState.inference());
      Tensor output = executable.read(layer);
      int channels = output.shape().extent(3);
      return IntStream.range(0, Math.min(count, channels)).mapToObj(channel -> channel(output, channel)).toList();
    }
  }

  /** One channel of an output {@code [1,h,w,c]}. */
  static HeatMap channel(Tensor output, int channel) {
    int height = output.shape().extent(1);
    int width = output.shape().extent(2);
    int channels = output.shape().extent(3);
    return new HeatMap(height, width,
        IntStream.range(0, height * width).mapToDouble(place -> output.get(place * channels + channel)).toArray());
  }
}
