package dev.lentil.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Batch;
import dev.lentil.backend.RunState;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OcclusionTest {
  private static final float[] FILL = {0.25f, -0.5f, 0.75f};

  /** Pixel by pixel, an image at a time, patches that do and do not reach the edge by themselves. */
  @ParameterizedTest
  @CsvSource({"reference, 6, 4, 5", "reference, 9, 9, 1", "cpu, 6, 4, 8", "cpu, 5, 1, 64", "cpu, 40, 20, 3"})
  void isWhatCoveringOnePatchAtATimeGives(String backend, int side, int stride, int batch) {
    double worst = 0;
    try (var small = SmallClassifier.of(backend, 3);
        var occlusion = Occlusion.open(small.device(), small.bank(), batch)) {
      HeatMap map = occlusion.of(small.image(), new Patches(side, stride), FILL, z -> z[1] - z[0]);
      double[] expected = bruteForce(small, side, stride);
      for (int i = 0; i < expected.length; i++) {
        worst = Math.max(worst, Math.abs(map.values()[i] - expected[i]));
      }
      System.out.printf("occlusion against one image at a time, %s, side %d, stride %d: worst error %.1e of %.2f%n",
          backend, side, stride, worst, map.largest());
      assertTrue(worst <= (backend.equals("cpu") ? 2e-6 : 0), "worst error " + worst);
    }
  }

  private static double[] bruteForce(SmallClassifier small, int side, int stride) {
    int height = 22;
    int width = 18;
    double[] image = small.image().doubles();
    double original = score(small, image);
    var sums = new double[height * width];
    var counts = new double[height * width];
    for (int top = 0;; top = Math.min(top + stride, Math.max(0, height - side))) {
      for (int left = 0;; left = Math.min(left + stride, Math.max(0, width - side))) {
        double[] covered = image.clone();
        for (int i = 0; i < image.length; i++) {
          int y = i / 3 / width;
          int x = i / 3 % width;
          if (y >= top && y < top + side && x >= left && x < left + side) {
            covered[i] = FILL[i % 3];
          }
        }
        double drop = original - score(small, covered);
        for (int i = 0; i < height * width; i++) {
          boolean inside = i / width >= top && i / width < top + side && i % width >= left && i % width < left + side;
          sums[i] += inside ? drop : 0;
          counts[i] += inside ? 1 : 0;
        }
        if (left + side >= width) {
          break;
        }
      }
      if (top + side >= height) {
        break;
      }
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= counts[i];
    }
    return sums;
  }

  private static double score(SmallClassifier small, double[] image) {
    var plan = Planner.inference(small.network(), 1, small.device().fusions(), Set.of("predictions"));
    try (var executable = small.device().compile(plan, small.bank())) {
      executable.run(Batch.of(Tensor.of(small.network().shape("input").batched(1), image)), RunState.inference());
      Tensor z = executable.read("predictions");
      return z.get(1) - z.get(0);
    }
  }

  @Test
  void patchesReachTheEdgeAndLeaveNoPixelOut() {
    assertArrayEquals(new int[] {0, 4, 8, 12, 16}, new Patches(6, 4).starts(22));
    assertArrayEquals(new int[] {0, 4, 8, 12}, new Patches(6, 4).starts(18));
    assertArrayEquals(new int[] {0, 9, 13}, new Patches(9, 9).starts(22));
    assertArrayEquals(new int[] {0}, new Patches(40, 20).starts(22));
    assertEquals(20, new Patches(6, 4).count(22, 18));
    assertThrows(IllegalArgumentException.class, () -> new Patches(4, 5));
    assertThrows(IllegalArgumentException.class, () -> new Patches(0, 1));
    try (var small = SmallClassifier.of("reference", 1);
        var occlusion = Occlusion.open(small.device(), small.bank(), 2)) {
      assertEquals("shape [2000000, 22, 18, 3] has more than 2^31-1 elements", assertThrows(
          IllegalArgumentException.class, () -> Occlusion.open(small.device(), small.bank(), 2_000_000)).getMessage());
      assertThrows(IllegalArgumentException.class,
          () -> occlusion.of(small.image(), new Patches(4, 4), new float[1], z -> z[0]));
      // four times as many pixels, of which the first quarter would have a plausible map
      var large = assertThrows(IllegalArgumentException.class,
          () -> occlusion.of(Tensor.of(Shape.of(44, 36, 3), new float[44 * 36 * 3]), new Patches(4, 4), FILL,
              z -> z[0]));
      assertEquals("the image is [44,36,3], but the network takes [22,18,3]; bring it to that size first",
          large.getMessage());
    }
  }
}
