package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Layer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A kernel with the batch normalisation after it folded in: {@code w' = w s} and {@code bias' = beta + (bias - mean) s}
 * with {@code s = gamma / sqrt(variance + epsilon)}, one for each output channel. Without a normalisation {@code s} is left
 * out and the bias is the layer's own. How {@code w'} lies in memory is the subclass's.
 */
abstract class Folded extends Derived {
  /**
   * What is folded.
   *
   * @param channels that leave
   */
  record Source(String kernel, int channels, Optional<String> bias, Optional<Layer.BatchNorm> norm) {
    private List<String> parameters() {
      Stream<String> statistics = norm.stream().flatMap(layer -> Stream.of("gamma", "beta", "moving_mean",
          "moving_variance").map(name -> layer.name() + "/" + name));
      return Stream.concat(Stream.concat(Stream.of(kernel), bias.stream()), statistics).toList();
    }
  }

  private final CpuParameters parameters;
  private final Source source;
  private final float[] scale;
  private final float[] bias;

  Folded(CpuParameters parameters, Source source) {
    super(parameters, source.parameters());
    this.parameters = parameters;
    this.source = source;
    scale = source.norm().isPresent() ? new float[source.channels() + Kernels.SLACK] : Kernels.NO_SCALE;
    bias = new float[source.channels() + Kernels.SLACK];
  }

  @Override
  final void make(float[] values) {
    Arrays.fill(bias, 0);
    source.bias().ifPresent(name -> System.arraycopy(values, parameters.offset(name), bias, 0, channels()));
    source.norm().ifPresent(layer -> {
      int gamma = parameters.offset(layer.name() + "/gamma");
      int beta = parameters.offset(layer.name() + "/beta");
      int mean = parameters.offset(layer.name() + "/moving_mean");
      int variance = parameters.offset(layer.name() + "/moving_variance");
      for (int c = 0; c < channels(); c++) {
        double factor = values[gamma + c] / Math.sqrt(values[variance + c] + layer.epsilon());
        scale[c] = (float) factor;
        bias[c] = (float) (values[beta + c] + (bias[c] - values[mean + c]) * factor);
      }
    });
    layOut(values, parameters.offset(source.kernel()), scale);
  }

  /**
   * Writes the kernel, times the scale.
   *
   * @param offset where in {@code values} it begins
   * @param scale a factor for each channel; empty for none
   */
  abstract void layOut(float[] values, int offset, float[] scale);

  final int channels() {
    return source.channels();
  }

  /** {@code [channels]} with {@link Kernels#SLACK} behind. */
  final float[] bias() {
    return bias;
  }
}
