package dev.lentil.backend.cpu;

import static dev.lentil.backend.cpu.kernels.Kernels.FRONT;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.plan.Step;
import dev.lentil.plan.Step.ParameterGradients;
import dev.lentil.plan.Target;
import java.util.Arrays;

/**
 * The gradients of a pointwise convolution {@code e = x W} from rows of the gradient {@code g} of its normalised result, which
 * are handed over while in cache and never stored. The gradient of {@code e} itself is {@code a g + b (e - mean) + d} for each
 * channel ({@link GradientSums}), of which b and d are known only when all rows have passed. But everything is linear: with
 * {@code n} rows, {@code z = x - center}, {@code s} the sum of z and {@code C = transpose(z) z - s transpose(s) / n},
 *
 * <pre>
 * dW = (transpose(z) g) a + (C W) b + s d
 * dx = g transpose(W a) + (z - s / n) M + d transpose(W),  M = (W b) transpose(W)
 * </pre>
 *
 * so the first terms are summed as rows pass, the others are products with small matrices afterwards. The center, a mean of the
 * first sample, keeps the terms from cancelling.
 */
final class ExpansionGradient {
  /** Rows that a task takes. */
  private static final int ROWS = 256;
  /** Rows of the kernel gradient that a task takes: a tile of a product. */
  private static final int TILE = 8;
  /** Elements of a kernel gradient that is small enough for each sample to have one. */
  private static final int SMALL_KERNEL = 16 * 1024;
  /** How many there are of a larger one, at most. */
  private static final int MOST_GROUPS = 8;

  private final Kernels kernels;
  private final CpuParameters parameters;
  private final Step.ExpandedBackward step;
  private final String kernel;
  private final int in;
  private final int wide;
  private final int pixels;
  private final float[] center;
  private final float[] ones;
  private final float[] zeros;
  private final float[] scaled;
  private final float[] packedBack;
  private final float[] packedKernel;
  private float[] partial = {};
  private int stride;
  private double[][] sums = {};
  private boolean[] begun = {};

  /** @param pixels of a sample */
  ExpansionGradient(Kernels kernels, CpuParameters parameters, Step.ExpandedBackward step, int in, int wide,
      int pixels) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.step = step;
    this.in = in;
    this.wide = wide;
    this.pixels = pixels;
    kernel = ((Step.Convolve) step.expansion().convolution()).layer().name() + "/kernel";
    center = new float[in + Kernels.SLACK];
    ones = new float[in + Kernels.SLACK];
    Arrays.fill(ones, 1);
    zeros = new float[Math.max(in, wide) + Kernels.SLACK];
    scaled = new float[in * wide + Kernels.SLACK];
    packedBack = new float[kernels.packedSize(wide, in) + Kernels.SLACK];
    packedKernel = new float[kernels.packedSize(in, wide) + Kernels.SLACK];
  }

  /** Into how many groups the samples fall, each with a kernel gradient of its own: few where that is large. */
  int groups(int samples) {
    return in * wide <= SMALL_KERNEL ? samples : Math.min(samples, MOST_GROUPS);
  }

  private boolean parametersWanted() {
    return step.expansionParameters() == ParameterGradients.WANTED;
  }

  /** Begins a batch whose rows come in so many groups. */
  void start(Frame frame, int groups) {
    int x = step.expansion().x();
    kernels.columnSums(pixels, in, frame.array(x), frame.offset(x), center);
    for (int i = 0; i < in; i++) {
      center[i] /= pixels;
    }
    if (step.dx().isPresent()) {
      Step.NormalizeBatch norm = step.expansion().after().orElseThrow();
      float[] saved = frame.array(norm.saved());
      int gamma = parameters.offset(norm.layer().name() + "/gamma");
      float[] factor = new float[wide];
      for (int c = 0; c < wide; c++) {
        factor[c] = parameters.values()[gamma + c] * saved[wide + c];
      }
      scaleKernel(factor);
      kernels.pack(scaled, 0, 1, wide, wide, in, Kernels.NO_SCALE, packedBack);
    }
    stride = in * wide + in * in + Kernels.SLACK;
    partial = Scratch.SHARED.of(parametersWanted() ? groups * stride : 0);
    sums = new double[groups][in];
    begun = new boolean[groups];
  }

  /** {@code scaled = W factor}, one factor for each column. */
  private void scaleKernel(float[] factor) {
    float[] values = parameters.values();
    int from = parameters.offset(kernel);
    for (int i = 0; i < in; i++) {
      for (int c = 0; c < wide; c++) {
        scaled[i * wide + c] = values[from + i * wide + c] * factor[c];
      }
    }
  }

  /**
   * Adds rows of a group.
   *
   * @param first the first row, counted over the batch
   * @param g the gradient of the normalised result, {@code [count,wide]} from {@code gOff}
   */
  void add(Frame frame, int group, int first, int count, float[] g, int gOff) {
    float[] z = centered(frame, first, count);
    float[] sum = Scratch.SUMS.of(in);
    kernels.columnSums(count, in, z, FRONT, sum);
    for (int i = 0; i < in; i++) {
      sums[group][i] += sum[i];
    }
    if (parametersWanted()) {
      Finish finish = begun[group] ? Finish.ACCUMULATE : Finish.STORE;
      begun[group] = true;
      int at = group * stride;
      kernels.multiplyTransposed(count, in, wide, z, FRONT, g, gOff, partial, at, 0, in, 0, wide, finish);
      kernels.multiplyTransposed(count, in, in, z, FRONT, z, FRONT, partial, at + in * wide, 0, in, 0, in, finish);
    }
    step.dx().ifPresent(target -> kernels.multiply(count, wide, in, g, gOff, wide, packedBack, zeros,
        OpFactory.finish(target), zeros, 0, frame.array(target.value()), frame.offset(target.value()) + first * in,
        in));
  }

  private float[] centered(Frame frame, int first, int count) {
    float[] z = Scratch.PATCHES.of(count * in);
    int x = step.expansion().x();
    kernels.normalize(count, in, frame.array(x), frame.offset(x) + first * in, center, ones, zeros, Finish.STORE, z,
        FRONT);
    return z;
  }

  /**
   * Finishes the gradients.
   *
   * @param coefficients {@code [3,wide]}: a, b and d
   */
  void finish(Frame frame, float[] coefficients, int rows, Workers workers) {
    double[] sum = new double[in];
    for (double[] group : sums) {
      for (int i = 0; i < in; i++) {
        sum[i] += group[i];
      }
    }
    if (parametersWanted()) {
      kernelGradient(coefficients, sum, rows, workers);
    }
    step.dx().ifPresent(target -> inputGradient(frame, target, coefficients, sum, rows, workers));
  }

  private void kernelGradient(float[] coefficients, double[] sum, int rows, Workers workers) {
    float[] covariance = new float[in * in + Kernels.SLACK];
    for (int i = 0; i < in; i++) {
      for (int j = 0; j < in; j++) {
        double total = -sum[i] * sum[j] / rows;
        for (int group = 0; group < begun.length; group++) {
          total += partial[group * stride + in * wide + i * in + j];
        }
        covariance[i * in + j] = (float) total;
      }
    }
    kernels.pack(parameters.values(), parameters.offset(kernel), wide, 1, in, wide, Kernels.NO_SCALE, packedKernel);
    float[] gradients = parameters.gradients();
    int to = parameters.offset(kernel);
    workers.runParts(in, TILE, (from, count) -> {
      kernels.multiply(count, in, wide, covariance, from * in, in, packedKernel, zeros, Finish.STORE, zeros, 0,
          gradients, to + from * wide, wide);
      float[] products = new float[wide + Kernels.SLACK];
      for (int i = from; i < from + count; i++) {
        System.arraycopy(partial, i * wide, products, 0, wide);
        for (int group = 1; group < begun.length; group++) {
          kernels.add(wide, products, 0, partial, group * stride + i * wide, products, 0);
        }
        float s = (float) sum[i];
        int row = to + i * wide;
        for (int c = 0; c < wide; c++) {
          gradients[row + c] = products[c] * coefficients[c] + gradients[row + c] * coefficients[wide + c]
              + s * coefficients[2 * wide + c];
        }
      }
    });
  }

  private void inputGradient(Frame frame, Target target, float[] coefficients, double[] sum, int rows,
      Workers workers) {
    // transpose(W a) is packed already: M = (W b / a) transpose(W a), and where a is 0, b is too
    float[] ratio = new float[wide];
    for (int c = 0; c < wide; c++) {
      ratio[c] = coefficients[c] == 0 ? 0 : coefficients[wide + c] / coefficients[c];
    }
    scaleKernel(ratio);
    float[] m = new float[in * in + Kernels.SLACK];
    kernels.multiply(in, wide, in, scaled, 0, wide, packedBack, zeros, Finish.STORE, zeros, 0, m, 0, in);
    float[] shift = new float[in + Kernels.SLACK];
    float[] values = parameters.values();
    int from = parameters.offset(kernel);
    for (int i = 0; i < in; i++) {
      double total = 0;
      for (int c = 0; c < wide; c++) {
        total += (double) values[from + i * wide + c] * coefficients[2 * wide + c];
      }
      for (int j = 0; j < in; j++) {
        total -= sum[j] / rows * m[j * in + i];
      }
      shift[i] = (float) total;
    }
    float[] packed = new float[kernels.packedSize(in, in) + Kernels.SLACK];
    kernels.pack(m, 0, in, 1, in, in, Kernels.NO_SCALE, packed);
    float[] dx = frame.array(target.value());
    int dxOff = frame.offset(target.value());
    workers.runParts(rows, ROWS, (first, count) -> {
      float[] z = centered(frame, first, count);
      int at = dxOff + first * in;
      kernels.normalize(count, in, dx, at, zeros, ones, shift, Finish.STORE, dx, at);
      kernels.multiply(count, in, in, z, FRONT, in, packed, zeros, Finish.ACCUMULATE, zeros, 0, dx, at, in);
    });
  }
}
