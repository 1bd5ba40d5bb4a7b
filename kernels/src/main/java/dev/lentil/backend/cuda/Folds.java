package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.driver.Grid;
import dev.lentil.nn.Layer;
import dev.lentil.plan.Step;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What of a layer's parameters is made ready before a run: folded batch normalisations, moving statistics, filters. */
record Folds(CudaParameters parameters, CudaDevice device, ExecutableMemory memory) {

  /** The key of a filter. */
  private record Filter(String kernel) {}

  /** {@code [2,c]}: scale and shift of what follows a convolution; see fold.cu. */
  long scaleAndShift(Step step, int channels, Optional<String> bias, Optional<Layer.BatchNorm> norm) {
    List<String> sources = Stream.concat(bias.stream(), norm.stream().flatMap(Folds::names)).toList();
    return memory.get(step, 8L * channels, sources, scale -> {
      long shift = scale + 4L * channels;
      Grid grid = Grid.elements(channels);
      if (norm.isPresent()) {
        Layer.BatchNorm layer = norm.get();
        return bias.isPresent()
            ? device.kernels().launch("fold.cu", "fold_bias_norm", grid, of(layer, "gamma"), of(layer, "beta"),
                of(layer, "moving_mean"), of(layer, "moving_variance"), layer.epsilon(),
                parameters.address(bias.get()), scale, shift, channels)
            : device.kernels().launch("fold.cu", "fold_norm", grid, of(layer, "gamma"), of(layer, "beta"),
                of(layer, "moving_mean"), of(layer, "moving_variance"), layer.epsilon(), scale, shift, channels);
      }
      return bias.isPresent()
          ? device.kernels().launch("fold.cu", "fold_bias", grid, parameters.address(bias.get()), scale, shift,
              channels)
          : device.kernels().launch("fold.cu", "fold_nothing", grid, scale, shift, channels);
    });
  }

  /** {@code [2,c]}: the moving mean, then {@code 1 / sqrt(moving variance + epsilon)}. */
  long movingStatistics(Layer.BatchNorm layer, int channels) {
    List<String> sources = List.of(layer.name() + "/moving_mean", layer.name() + "/moving_variance");
    return memory.get(layer, 8L * channels, sources, saved -> device.kernels().launch("batch_statistics.cu",
        "moving_statistics", Grid.elements(channels), of(layer, "moving_mean"), of(layer, "moving_variance"),
        layer.epsilon(), saved, channels));
  }

  /** A convolution's kernel as cuDNN's filter: the matrix {@code [taps,out]} transposed. */
  long filter(String kernel, int taps, int out) {
    return memory.get(new Filter(kernel), 4L * taps * out, List.of(kernel),
        filter -> device.kernels().launch("transpose.cu", "transpose", Grid.elements(taps * out),
            parameters.address(kernel), filter, taps, out, taps * out));
  }

  private long of(Layer layer, String variable) {
    return parameters.address(layer.name() + "/" + variable);
  }

  private static Stream<String> names(Layer.BatchNorm layer) {
    return Stream.of("gamma", "beta", "moving_mean", "moving_variance").map(variable -> layer.name() + "/" + variable);
  }
}
