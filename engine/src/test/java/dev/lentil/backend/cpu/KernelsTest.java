package dev.lentil.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.backend.cpu.scalar.ScalarKernels;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Window;
import dev.lentil.tensor.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The chosen kernels beside the plain ones, over shapes with every kind of tail. What lies behind an output must not be
 * touched, and cutting a range in two must not change a bit.
 */
@Tag("species")
class KernelsTest {
  private static final double LIMIT = 1e-5;
  private static final int[] CHANNELS = {1, 3, 8, 15, 16, 17, 24, 31, 32, 33, 48, 72, 88, 96, 100};
  private static final float UNTOUCHED = 12345;

  private final Kernels plain = new ScalarKernels();
  private final Kernels chosen = KernelProvider.kernels();
  private final Random random = new Random(7);
  private double worst;

  private float[] values(int size) {
    float[] values = new float[size + Kernels.SLACK];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian() * 2;
    }
    return values;
  }

  private static float[] output(int size) {
    float[] out = new float[size + Kernels.SLACK];
    Arrays.fill(out, UNTOUCHED);
    return out;
  }

  /** Runs one kernel on both and compares outputs of {@code size} elements that start as {@code initial}. */
  private void compare(String what, float[] initial, int size, BiConsumer<Kernels, float[]> call) {
    float[] expected = initial.clone();
    float[] actual = initial.clone();
    call.accept(plain, expected);
    call.accept(chosen, actual);
    double difference = 0;
    double norm = 1e-30;
    for (int i = 0; i < size; i++) {
      difference += Math.pow(expected[i] - actual[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    double error = Math.sqrt(difference / norm);
    worst = Math.max(worst, error);
    assertTrue(error <= LIMIT, what + ": relative error " + error);
    for (int i = size; i < actual.length; i++) {
      assertEquals(initial[i], actual[i], what + " wrote behind its output");
    }
  }

  private void report(String kernel) {
    System.out.printf("%-20s %s against plain loops: worst relative error %.2e%n", kernel, chosen.describe(), worst);
  }

  @Test
  void multiply() {
    for (int n : CHANNELS) {
      for (int m : new int[] {1, 4, 7, 8, 13, 65, 135}) {
        int k = CHANNELS[random.nextInt(CHANNELS.length)];
        float[] a = values(m * k);
        float[] b = values(k * n);
        float[] bias = values(n);
        float[] residual = values(m * n);
        float[] scale = random.nextBoolean() ? values(n) : new float[0];
        for (Finish finish : Finish.values()) {
          float[] start = finish == Finish.ACCUMULATE ? values(m * n) : output(m * n);
          compare("multiply " + m + "x" + k + "x" + n + " " + finish, start, m * n, (kernels, c) -> {
            float[] packed = new float[kernels.packedSize(k, n) + Kernels.SLACK];
            kernels.pack(b, 0, n, 1, k, n, scale, packed);
            int half = m / 2;
            // the later rows first, so that earlier ones that wrote behind their end would be noticed
            kernels.multiply(m - half, k, n, a, half * k, k, packed, bias, finish, residual, half * n, c, half * n, n);
            kernels.multiply(half, k, n, a, 0, k, packed, bias, finish, residual, 0, c, 0, n);
          });
        }
      }
    }
    report("multiply");
  }

  /** ReLU6 has limits, and no number is beyond those of the other finishes; what is no number stays so with all of them. */
  @Test
  void onlyRelu6LimitsAProduct() {
    float[] extremes =
        {Float.NEGATIVE_INFINITY, -Float.MAX_VALUE, -1, 5, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN};
    int m = extremes.length + 4;
    for (int n : new int[] {1, chosen.panel() - 1, chosen.panel()}) {
      float[] ones = new float[n + Kernels.SLACK];
      Arrays.fill(ones, 1);
      float[] packed = new float[chosen.packedSize(1, n) + Kernels.SLACK];
      chosen.pack(ones, 0, n, 1, 1, n, new float[0], packed);
      float[] zeros = new float[m * n + Kernels.SLACK];
      for (int first = 0; first < extremes.length; first++) {
        float[] a = new float[m + Kernels.SLACK];
        for (int i = 0; i < m; i++) {
          a[i] = extremes[(first + i) % extremes.length];
        }
        for (Finish finish : Finish.values()) {
          float[] c = new float[m * n + Kernels.SLACK];
          chosen.multiply(m, 1, n, a, 0, 1, packed, zeros, finish, zeros, 0, c, 0, n);
          for (int i = 0; i < m * n; i++) {
            float x = a[i / n];
            assertEquals(finish == Finish.RELU6 ? Math.min(Math.max(x, 0), 6) : x, c[i], finish + " of " + x);
          }
        }
      }
    }
  }

  /** Whatever tile a row is in: how rows are shared out among threads must not show in the result. */
  @Test
  void aRowOfAProductHasTheSameBitsAloneAndAmongOthers() {
    int m = 23;
    int k = 40;
    for (int n : CHANNELS) {
      float[] a = values(m * k);
      float[] b = values(k * n);
      float[] bias = values(n);
      float[] packed = new float[chosen.packedSize(k, n) + Kernels.SLACK];
      chosen.pack(b, 0, n, 1, k, n, new float[0], packed);
      for (Finish finish : Finish.values()) {
        float[] initial = values(m * n);
        float[] residual = values(m * n);
        float[] together = initial.clone();
        float[] alone = initial.clone();
        chosen.multiply(m, k, n, a, 0, k, packed, bias, finish, residual, 0, together, 0, n);
        for (int i = m - 1; i >= 0; i--) {
          chosen.multiply(1, k, n, a, i * k, k, packed, bias, finish, residual, i * n, alone, i * n, n);
        }
        assertArrayEquals(together, alone, m + "x" + k + "x" + n + " " + finish);
      }
    }
  }

  @Test
  void partsOfAProductGiveTheBitsOfOneCall() {
    int panel = chosen.panel();
    for (int n : new int[] {panel, panel + 1, 2 * panel, 2 * panel + 5}) {
      for (int m : new int[] {1, 6, 70}) {
        int k = 40;
        float[] a = values(m * k);
        float[] b = values(k * n);
        float[] bias = values(n);
        float[] packed = new float[chosen.packedSize(k, n) + Kernels.SLACK];
        chosen.pack(b, 0, n, 1, k, n, new float[0], packed);
        for (Finish finish : new Finish[] {Finish.STORE, Finish.RELU6}) {
          float[] whole = output(m * n);
          chosen.multiply(m, k, n, a, 0, k, packed, bias, finish, whole, 0, whole, 0, n);
          for (int from = 0; from < n; from += panel) {
            int columns = Math.min(panel, n - from);
            float[] part = output(m * panel);
            chosen.multiply(m, k, n, from, from + columns, a, 0, k, packed, bias, finish, part, 0, part, 0, panel);
            for (int i = 0; i < m * panel; i++) {
              boolean written = i % panel < columns;
              assertEquals(written ? whole[i / panel * n + from + i % panel] : UNTOUCHED, part[i],
                  m + "x" + k + "x" + n + " " + finish + " columns from " + from);
            }
          }
        }
      }
    }
  }

  @Test
  void copyOfRows() {
    for (int size : new int[] {1, 8, 9, 16, 27, 48, 50}) {
      int rows = 5;
      int xStride = size / 2 + 1;
      int yStride = size + 3;
      float[] x = values(rows * xStride + size);
      float[] y = output(rows * yStride);
      chosen.copy(rows, size, x, 1, xStride, y, 2, yStride);
      for (int i = 0; i < rows * yStride; i++) {
        int row = (i - 2) / yStride;
        boolean written = i >= 2 && (i - 2) % yStride < size;
        assertEquals(written ? x[1 + row * xStride + (i - 2) % yStride] : UNTOUCHED, y[i], size + " at " + i);
      }
    }
  }

  /** Arrays end with the last patch, so that reading or writing behind it would be an error. */
  @Test
  void patches() {
    for (int pixels : new int[] {1, 2, 5, 30}) {
      for (int rows : new int[] {1, 2, 3, 5}) {
        for (int width : new int[] {1, 3, 8, 9, 16, 27}) {
          for (int xStep : new int[] {1, 2, 6, 40}) {
            for (int between : new int[] {0, 4}) {
              String what = pixels + " pixels, " + rows + "x" + width + ", step " + xStep + ", between " + between;
              int yStep = rows * width + between;
              int xRow = pixels * xStep + width + 2;
              float[] x = Arrays.copyOf(values(1 + rows * xRow),
                  1 + (rows - 1) * xRow + (pixels - 1) * xStep + width);
              float[] y = new float[2 + pixels * yStep];
              Arrays.fill(y, UNTOUCHED);
              chosen.patches(pixels, rows, width, x, 1, xRow, xStep, y, 2, yStep);
              for (int i = 0; i < y.length; i++) {
                int place = (i - 2) % yStep;
                boolean written = i >= 2 && place < rows * width;
                float expected =
                    written ? x[1 + place / width * xRow + (i - 2) / yStep * xStep + place % width] : UNTOUCHED;
                assertEquals(expected, y[i], what + " at " + i);
              }
            }
          }
        }
      }
    }
  }

  @Test
  void packingTransposes() {
    int k = 5;
    int n = 19;
    float[] b = values(k * n);
    float[] turned = new float[k * n];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < n; j++) {
        turned[j * k + i] = b[i * n + j];
      }
    }
    float[] straight = new float[chosen.packedSize(k, n)];
    float[] across = new float[chosen.packedSize(k, n)];
    chosen.pack(b, 0, n, 1, k, n, new float[0], straight);
    chosen.pack(turned, 0, 1, k, k, n, new float[0], across);
    assertArrayEquals(straight, across);
  }

  @Test
  void multiplyTransposed() {
    for (int n : CHANNELS) {
      for (int m : new int[] {1, 30, 256, 600}) {
        int k = CHANNELS[random.nextInt(CHANNELS.length)];
        float[] a = values(m * k);
        float[] b = values(m * n);
        for (Finish finish : new Finish[] {Finish.STORE, Finish.ACCUMULATE}) {
          float[] start = finish == Finish.ACCUMULATE ? values(k * n) : output(k * n);
          compare("multiplyTransposed " + m + "x" + k + "x" + n + " " + finish, start, k * n, (kernels, c) -> {
            int half = k / 2;
            kernels.multiplyTransposed(m, k, n, a, 0, b, 0, c, 0, 0, half, 0, n, finish);
            kernels.multiplyTransposed(m, k, n, a, 0, b, 0, c, 0, half, k, 0, n, finish);
          });
        }
      }
    }
    report("multiplyTransposed");
  }

  private void forWindows(Consumer<Window> use) {
    for (Padding padding : Padding.values()) {
      for (int kernel : new int[] {1, 3, 5}) {
        for (int stride : new int[] {1, 2, 3}) {
          use.accept(
              Window.of(Shape.of(5 + random.nextInt(5), 5 + random.nextInt(8), 1), kernel, kernel, stride, padding));
        }
      }
    }
  }

  @Test
  void depthwise() {
    for (int c : CHANNELS) {
      forWindows(g -> {
        int in = g.inH() * g.inW() * c;
        int out = g.outH() * g.outW() * c;
        int taps = g.kernelH() * g.kernelW();
        float[] x = values(in);
        float[] w = values(taps * c);
        float[] bias = values(c);
        float[] dy = values(out);
        for (Finish finish : new Finish[] {Finish.STORE, Finish.RELU6, Finish.ACCUMULATE}) {
          compare("depthwise " + g + " c=" + c + " " + finish, finish == Finish.ACCUMULATE ? values(out) : output(out),
              out,
              (kernels, y) -> {
                for (int oy = 0; oy < g.outH(); oy++) {
                  kernels.depthwiseRow(g, oy, c, x, 0, w, bias, finish, y, oy * g.outW() * c);
                }
              });
        }
        for (Finish finish : new Finish[] {Finish.STORE, Finish.ACCUMULATE}) {
          compare("depthwise data " + g + " c=" + c + " " + finish,
              finish == Finish.ACCUMULATE ? values(in) : output(in), in,
              (kernels, dx) -> {
                for (int iy = 0; iy < g.inH(); iy++) {
                  kernels.depthwiseInputGradientRow(g, iy, c, dy, 0, w, finish, dx, iy * g.inW() * c);
                }
              });
        }
        compare("depthwise weights " + g + " c=" + c, values(taps * c), taps * c, (kernels, dw) -> {
          for (int iy = 0; iy < g.inH(); iy++) {
            kernels.depthwiseKernelGradientRow(g, iy, c, x, iy * g.inW() * c, dy, 0, dw, 0);
          }
        });
      });
    }
    report("depthwise");
  }

  /** Both kernels have groups of their own width, so that each is compared with the plain convolution of all channels. */
  @Test
  void depthwiseGroups() {
    for (Kernels kernels : new Kernels[] {plain, chosen}) {
      int panel = kernels.panel();
      for (int channels : new int[] {1, panel / 2, panel / 3, panel}) {
        forWindows(g -> {
          int taps = g.kernelH() * g.kernelW();
          // a row of zeros in front of the image
          int first = g.inW() * panel;
          float[] x = new float[first + g.inH() * g.inW() * panel + Kernels.SLACK];
          float[] w = new float[taps * panel + Kernels.SLACK];
          float[] bias = values(panel);
          float[] image = values(g.inH() * g.inW() * channels);
          float[] kernel = values(taps * channels);
          spread(image, channels, x, first, panel);
          spread(kernel, channels, w, 0, panel);
          int stride = channels + 3;
          for (Finish finish : new Finish[] {Finish.STORE, Finish.RELU6}) {
            float[] expected = output(g.outH() * g.outW() * channels);
            float[] actual = output(g.outH() * g.outW() * stride);
            float[] room = new float[g.outW() * panel + Kernels.SLACK];
            int[] rows = new int[g.kernelH()];
            for (int oy = 0; oy < g.outH(); oy++) {
              plain.depthwiseRow(g, oy, channels, image, 0, kernel, bias, finish, expected, oy * g.outW() * channels);
              for (int ky = 0; ky < rows.length; ky++) {
                int iy = oy * g.stride() - g.padTop() + ky;
                rows[ky] = iy < 0 || iy >= g.inH() ? 0 : first + iy * g.inW() * panel;
              }
              kernels.depthwiseGroup(g, channels, x, rows, w, 0, bias, 0, finish, room, actual,
                  oy * g.outW() * stride, stride);
            }
            String what = "depthwise group " + g + " c=" + channels + " " + finish;
            for (int i = 0; i < g.outH() * g.outW() * stride; i++) {
              if (i % stride < channels) {
                assertEquals(expected[i / stride * channels + i % stride], actual[i], 1e-4, what);
              } else {
                assertEquals(UNTOUCHED, actual[i], what + " wrote beside its channels");
              }
            }
          }
        });
      }
    }
  }

  /** The pixels at the edges of a row are made apart from those between: all round alike. */
  @Test
  void aPixelOfADepthwiseGroupHasTheSameBitsInAWideAndInANarrowRow() {
    int panel = chosen.panel();
    for (int stride : new int[] {1, 2}) {
      Window wide = Window.of(Shape.of(3, 11, 1), 3, 3, stride, Padding.VALID);
      Window narrow = Window.of(Shape.of(3, 3, 1), 3, 3, stride, Padding.VALID);
      int rowSize = wide.inW() * panel;
      float[] x = values(4 * rowSize);
      float[] w = values(9 * panel);
      float[] bias = values(panel);
      float[] room = new float[wide.outW() * panel + Kernels.SLACK];
      float[] expected = output(wide.outW() * panel);
      float[] actual = output(wide.outW() * panel);
      int[] rows = {rowSize, 2 * rowSize, 3 * rowSize};
      chosen.depthwiseGroup(wide, panel, x, rows, w, 0, bias, 0, Finish.STORE, room, expected, 0, panel);
      for (int p = 0; p < wide.outW(); p++) {
        int column = p * stride * panel;
        int[] there = {rows[0] + column, rows[1] + column, rows[2] + column};
        chosen.depthwiseGroup(narrow, panel, x, there, w, 0, bias, 0, Finish.STORE, room, actual, p * panel, panel);
      }
      assertArrayEquals(expected, actual, "stride " + stride);
    }
  }

  /** Pixels of {@code channels} elements to places {@code stride} apart; undefined between them. */
  private static void spread(float[] from, int channels, float[] to, int at, int stride) {
    Arrays.fill(to, at, to.length, Float.NaN);
    for (int pixel = 0; at + pixel * stride + channels <= to.length - Kernels.SLACK; pixel++) {
      System.arraycopy(from, pixel * channels, to, at + pixel * stride, channels);
    }
  }

  @Test
  void perChannel() {
    for (int c : CHANNELS) {
      int rows = 1 + random.nextInt(200);
      float[] x = values(rows * c);
      float[] dy = values(rows * c);
      float[] a = values(c);
      float[] b = values(c);
      float[] center = values(c);
      for (Finish finish : new Finish[] {Finish.STORE, Finish.RELU6}) {
        compare("normalize " + finish, output(rows * c), rows * c,
            (k, y) -> k.normalize(rows, c, x, 0, center, a, b, finish, y, 0));
      }
      compare("columnSums", output(c), c, (k, sum) -> k.columnSums(rows, c, x, 0, sum));
      compare("columnMoments, sums", output(c), c,
          (k, sum) -> k.columnMoments(rows, c, x, 0, center, sum, output(c)));
      compare("columnMoments, squares", output(c), c,
          (k, squares) -> k.columnMoments(rows, c, x, 0, center, output(c), squares));
      compare("rectifiedSums, gradient", dy, rows * c,
          (k, d) -> k.rectifiedSums(rows, c, x, 0, center, a, b, d, 0, output(c), output(c)));
      compare("rectifiedSums, sums", output(c), c,
          (k, sum) -> k.rectifiedSums(rows, c, x, 0, center, a, b, dy.clone(), 0, sum, output(c)));
      compare("rectifiedSums, products", output(c), c,
          (k, product) -> k.rectifiedSums(rows, c, x, 0, center, a, b, dy.clone(), 0, output(c), product));
      compare("columnProducts", output(c), c, (k, sum) -> k.columnProducts(rows, c, dy, 0, x, 0, center, sum));
      for (Finish finish : new Finish[] {Finish.STORE, Finish.ACCUMULATE}) {
        float[] start = finish == Finish.ACCUMULATE ? values(rows * c) : output(rows * c);
        compare("normalizeBackward", start, rows * c,
            (k, dx) -> k.normalizeBackward(rows, c, dy, 0, x, 0, a, b, center, b, finish, dx, 0));
      }
    }
    report("per channel");
  }

  @Test
  void elementwise() {
    for (int size : new int[] {1, 7, 16, 33, 1000}) {
      float[] x = values(size);
      x[0] = 6;
      float[] dy = values(size);
      compare("relu6", output(size), size, (k, y) -> k.relu6(size, x, 0, y, 0));
      compare("add", output(size), size, (k, y) -> k.add(size, x, 0, dy, 0, y, 0));
      for (Finish finish : new Finish[] {Finish.STORE, Finish.ACCUMULATE}) {
        compare("relu6Backward", finish == Finish.ACCUMULATE ? values(size) : output(size), size,
            (k, dx) -> k.relu6Backward(size, x, 0, dy, 0, finish, dx, 0));
      }
      float[] first = values(size);
      float[] second = values(size);
      for (int i = 0; i < size; i++) {
        second[i] = Math.abs(second[i]);
      }
      compare("adam", values(size), size,
          (k, w) -> k.adam(size, 1e-3f, 1e-4f, 0.1f, 1e-3f, 1e-7f, dy, first.clone(), second.clone(), w, 0));
      compare("sgd", values(size), size, (k, w) -> k.sgd(size, 1e-3f, 0.9f, dy, first.clone(), w, 0));
    }
    report("elementwise");
  }

  @Test
  void theGradientOfRelu6IsZeroAtExactlyZeroAndSix() {
    float[] y = {0, 6, 3, -0f, 5.9999995f};
    float[] dy = {1, 1, 1, 1, 1};
    for (Kernels kernels : new Kernels[] {plain, chosen}) {
      float[] dx = new float[5];
      kernels.relu6Backward(5, y, 0, dy, 0, Finish.STORE, dx, 0);
      assertArrayEquals(new float[] {0, 0, 1, 0, 1}, dx);
    }
  }
}
