package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Layer;

/** Batch normalisation with the moving statistics. */
final class NormalizeOp extends Op.Range {
  private final Kernels kernels;
  private final Statistics norm;
  private final int rows;
  private final int x;
  private final int y;

  NormalizeOp(Kernels kernels, Statistics norm, int rows, int x, int y) {
    this.kernels = kernels;
    this.norm = norm;
    this.rows = rows;
    this.x = x;
    this.y = y;
  }

  /** The moving statistics of a layer as {@code y = (x - center) scale + shift}. */
  static final class Statistics {
    private final CpuParameters parameters;
    private final Layer.BatchNorm layer;
    private final int channels;
    private final float[] center;
    private final float[] scale;
    private final float[] shift;

    Statistics(CpuParameters parameters, Layer.BatchNorm layer, int channels) {
      this.parameters = parameters;
      this.layer = layer;
      this.channels = channels;
      center = new float[channels + Kernels.SLACK];
      scale = new float[channels + Kernels.SLACK];
      shift = new float[channels + Kernels.SLACK];
    }

    void refresh() {
      float[] values = parameters.values();
      System.arraycopy(values, parameters.offset(layer.name() + "/moving_mean"), center, 0, channels);
      System.arraycopy(values, parameters.offset(layer.name() + "/beta"), shift, 0, channels);
      int gamma = parameters.offset(layer.name() + "/gamma");
      int variance = parameters.offset(layer.name() + "/moving_variance");
      for (int c = 0; c < channels; c++) {
        scale[c] = (float) (values[gamma + c] / Math.sqrt(values[variance + c] + layer.epsilon()));
      }
    }

    float[] scale() {
      return scale;
    }
  }

  @Override
  void refresh() {
    norm.refresh();
  }

  @Override
  int units() {
    return rows;
  }

  @Override
  int grain() {
    return 64;
  }

  @Override
  void range(Frame frame, int from, int to) {
    int c = norm.channels;
    kernels.normalize(to - from, c, frame.array(x), frame.offset(x) + from * c, norm.center, norm.scale, norm.shift,
        Finish.STORE, frame.array(y), frame.offset(y) + from * c);
  }
}
