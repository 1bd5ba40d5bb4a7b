package dev.lentil.backend.contract;

import dev.lentil.nn.Padding;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The shapes that an operation is tried on: uneven sizes, channel tails, every stride, kernel and padding. */
record Geometry(int batch, int height, int width, int channels, int filters, int kernel, int stride, Padding padding) {
  private static final int[] CHANNELS = {1, 3, 8, 15, 16, 17, 24, 33, 96};
  private static final int[] BATCHES = {1, 2, 5};

  /** Every combination of kernel, stride and padding, with the other extents drawn for each. */
  static List<Geometry> windows(long seed) {
    Random random = new Random(seed);
    var cases = new ArrayList<Geometry>();
    for (int kernel : new int[] {1, 3, 5}) {
      for (int stride : new int[] {1, 2}) {
        for (Padding padding : Padding.values()) {
          for (int repeat = 0; repeat < 3; repeat++) {
            // The parities of height and width matter with stride 2; the third repeat has equal ones.
            int height = kernel + random.nextInt(7);
            int width = repeat == 0 ? height + 1 : repeat == 1 ? height + 2 : height;
            cases.add(new Geometry(pick(random, BATCHES), height, width, pick(random, CHANNELS), pick(random, CHANNELS),
                kernel, stride, padding));
          }
        }
      }
    }
    return cases;
  }

  /** Even kernels, kernels larger than the image, strides larger than the kernel; what fits, with the other extents drawn. */
  static List<Geometry> unusualWindows(long seed) {
    Random random = new Random(seed);
    var cases = new ArrayList<Geometry>();
    for (int kernel : new int[] {1, 2, 4, 7}) {
      for (int stride : new int[] {1, 2, 3}) {
        for (Padding padding : Padding.values()) {
          int height = 1 + random.nextInt(8);
          int width = 1 + random.nextInt(8);
          if (padding.outputExtent(height, kernel, stride) > 0 && padding.outputExtent(width, kernel, stride) > 0) {
            cases.add(new Geometry(pick(random, BATCHES), height, width, pick(random, CHANNELS), pick(random, CHANNELS),
                kernel, stride, padding));
          }
        }
      }
    }
    return cases;
  }

  /** Every channel count, with the other extents drawn for each. */
  static List<Geometry> channels(long seed) {
    Random random = new Random(seed);
    var cases = new ArrayList<Geometry>();
    for (int channels : CHANNELS) {
      for (int batch : BATCHES) {
        int height = 2 + random.nextInt(7);
        cases.add(new Geometry(batch, height, 2 + random.nextInt(7), channels, pick(random, CHANNELS), 1, 1,
            Padding.VALID));
      }
    }
    return cases;
  }

  private static int pick(Random random, int[] values) {
    return values[random.nextInt(values.length)];
  }
}
