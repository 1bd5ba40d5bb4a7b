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
 * out and the bias is the layer's own.
 */
final class Folded {
  private static final float[] NO_SCALE = {};

  private final CpuParameters parameters;
  private final String kernel;
  private final int channels;
  private final Optional<String> layerBias;
  private final Optional<Layer.BatchNorm> norm;
  private final List<String> sources;
  private final float[] scale;
  private final float[] bias;
  private long stamp = -1;

  Folded(CpuParameters parameters, String kernel, int channels, Optional<String> bias, Optional<Layer.BatchNorm> norm) {
    this.parameters = parameters;
    this.kernel = kernel;
    this.channels = channels;
    layerBias = bias;
    this.norm = norm;
    Stream<String> statistics = norm.stream().flatMap(
        layer -> Stream.of("gamma", "beta", "moving_mean", "moving_variance").map(name -> layer.name() + "/" + name));
    sources = Stream.concat(Stream.concat(Stream.of(kernel), bias.stream()), statistics).toList();
    scale = norm.isPresent() ? new float[channels + Kernels.SLACK] : NO_SCALE;
    this.bias = new float[channels + Kernels.SLACK];
  }

  /**
   * Folds again if a parameter has changed since the last time.
   *
   * @return whether it has, so that what was made of the kernel must be made again
   */
  boolean refresh() {
    long newest = sources.stream().mapToLong(parameters::stamp).max().orElseThrow();
    if (newest == stamp) {
      return false;
    }
    stamp = newest;
    float[] values = parameters.values();
    Arrays.fill(bias, 0);
    layerBias.ifPresent(name -> System.arraycopy(values, parameters.offset(name), bias, 0, channels));
    norm.ifPresent(layer -> {
      int gamma = parameters.offset(layer.name() + "/gamma");
      int beta = parameters.offset(layer.name() + "/beta");
      int mean = parameters.offset(layer.name() + "/moving_mean");
      int variance = parameters.offset(layer.name() + "/moving_variance");
      for (int c = 0; c < channels; c++) {
        double factor = values[gamma + c] / Math.sqrt(values[variance + c] + layer.epsilon());
        scale[c] = (float) factor;
        bias[c] = (float) (values[beta + c] + (bias[c] - values[mean + c]) * factor);
      }
    });
    return true;
  }

  float[] scale() {
    return scale;
  }

  float[] bias() {
    return bias;
  }

  float[] values() {
    return parameters.values();
  }

  int kernelOffset() {
    return parameters.offset(kernel);
  }

  int channels() {
    return channels;
  }
}
