package dev.lentil.bench.jmh;

import static dev.lentil.backend.cpu.kernels.Kernels.FRONT;

import dev.lentil.backend.cpu.KernelProvider;
import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.bench.Work;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.Network;
import dev.lentil.nn.Window;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The cpu backend's kernels at the shapes that MobileNetV2 1.0/224 has them, one image, one thread. */
public class KernelBenchmark {
  private static final Network NETWORK = MobileNetV2.imageNet().network();
  private static final Kernels KERNELS = KernelProvider.kernels();

  /** Numbers behind {@link Kernels#FRONT}, and some in front. */
  private static float[] random(int size) {
    var random = new SplittableRandom(size);
    float[] values = new float[FRONT + size + Kernels.SLACK];
    for (int i = 0; i < FRONT + size; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /** 1x1 convolutions: {@code c[m,n] = a[m,k] b[k,n]}, m pixels. */
  @State(Scope.Thread)
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public static class Pointwise implements Measured {
    @Param({"expanded_conv_project", "block_1_expand", "block_1_project", "block_2_expand", "block_2_project",
        "block_3_project", "block_4_expand", "block_4_project", "block_6_project", "block_7_expand", "block_7_project",
        "block_10_project", "block_11_expand", "block_11_project", "block_13_project", "block_14_expand",
        "block_14_project", "block_16_project", "Conv_1"})
    public String layer;

    private float[] a;
    private float[] packed;
    private float[] bias;
    private float[] c;
    private float[] gradient;

    private int m() {
      return NETWORK.window(layer).outH() * NETWORK.window(layer).outW();
    }

    private int k() {
      return NETWORK.inputShape(layer).extent(-1);
    }

    private int n() {
      return NETWORK.shape(layer).extent(-1);
    }

    @Setup
    public void prepare() {
      a = random(m() * k());
      c = random(m() * n());
      bias = random(n());
      gradient = random(k() * n());
      packed = new float[KERNELS.packedSize(k(), n())];
      KERNELS.pack(gradient, FRONT, n(), 1, k(), n(), new float[0], packed);
    }

    /** With bias and ReLU6, as an expansion has them. */
    @Benchmark
    public float[] forward() {
      KERNELS.multiply(m(), k(), n(), a, FRONT, k(), packed, bias, Finish.RELU6, bias, 0, c, FRONT, n());
      return c;
    }

    /** The gradient of the weights. */
    @Benchmark
    public float[] kernelGradient() {
      KERNELS.multiplyTransposed(m(), k(), n(), a, FRONT, c, FRONT, gradient, FRONT, 0, k(), 0, n(), Finish.STORE);
      return gradient;
    }

    @Override
    public Work work(String method) {
      double elements = (double) m() * k() + (double) k() * n() + (double) m() * n();
      return new Work(2.0 * m() * k() * n(), Float.BYTES * elements);
    }

    @Override
    public int threads() {
      return 1;
    }
  }

  /** Depthwise convolutions of a whole image, row by row. */
  @State(Scope.Thread)
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public static class Depthwise implements Measured {
    @Param({"expanded_conv_depthwise", "block_1_depthwise", "block_2_depthwise", "block_3_depthwise",
        "block_4_depthwise", "block_6_depthwise", "block_7_depthwise", "block_11_depthwise", "block_13_depthwise",
        "block_14_depthwise"})
    public String layer;

    private Window window;
    private int channels;
    private float[] x;
    private float[] w;
    private float[] bias;
    private float[] y;
    private float[] group;
    private float[] groupWeights;
    private float[] row;

    @Setup
    public void prepare() {
      int panel = KERNELS.panel();
      window = NETWORK.window(layer);
      channels = NETWORK.shape(layer).extent(-1);
      x = random(NETWORK.inputShape(layer).size());
      y = random(NETWORK.shape(layer).size());
      w = random(window.kernelH() * window.kernelW() * channels);
      bias = random(channels + panel);
      group = random((window.inH() + 1) * window.inW() * panel);
      groupWeights = random(window.kernelH() * window.kernelW() * panel);
      row = random(window.outW() * panel);
    }

    /** With bias and ReLU6, all channels of a row together, as training has it. */
    @Benchmark
    public float[] forward() {
      for (int oy = 0; oy < window.outH(); oy++) {
        KERNELS.depthwiseRow(window, oy, channels, x, FRONT, w, bias, Finish.RELU6, y,
            FRONT + oy * window.outW() * channels);
      }
      return y;
    }

    /** The same as an inverted residual has it, one group of channels after the other; each group reads the same image. */
    @Benchmark
    public float[] inGroups() {
      int panel = KERNELS.panel();
      int[] rows = new int[window.kernelH()];
      for (int from = 0; from < channels; from += panel) {
        for (int oy = 0; oy < window.outH(); oy++) {
          for (int ky = 0; ky < rows.length; ky++) {
            int iy = oy * window.stride() - window.padTop() + ky;
            rows[ky] = iy < 0 || iy >= window.inH() ? FRONT : FRONT + (1 + iy) * window.inW() * panel;
          }
          KERNELS.depthwiseGroup(window, Math.min(panel, channels - from), group, rows, groupWeights, FRONT, bias,
              FRONT + from, Finish.RELU6, row, y, FRONT + oy * window.outW() * channels + from, channels);
        }
      }
      return y;
    }

    /** The gradient of the input. */
    @Benchmark
    public float[] inputGradient() {
      for (int row = 0; row < window.inH(); row++) {
        KERNELS.depthwiseInputGradientRow(window, row, channels, y, FRONT, w, Finish.STORE, x,
            FRONT + row * window.inW() * channels);
      }
      return x;
    }

    /** The gradient of the weights. */
    @Benchmark
    public float[] kernelGradient() {
      for (int row = 0; row < window.inH(); row++) {
        KERNELS.depthwiseKernelGradientRow(window, row, channels, x, FRONT + row * window.inW() * channels, y, FRONT, w,
            0);
      }
      return w;
    }

    @Override
    public Work work(String method) {
      Window geometry = NETWORK.window(layer);
      int taps = geometry.kernelH() * geometry.kernelW();
      double elements = (double) NETWORK.inputShape(layer).size() + NETWORK.shape(layer).size()
          + taps * NETWORK.shape(layer).extent(-1);
      return new Work(2.0 * taps * NETWORK.shape(layer).size(), Float.BYTES * elements);
    }

    @Override
    public int threads() {
      return 1;
    }
  }
}
