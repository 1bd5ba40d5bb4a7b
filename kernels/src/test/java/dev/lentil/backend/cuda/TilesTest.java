package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TilesTest {
  private static final int STRIP = 4;

  /** The depthwise layers of MobileNetV2 and a few odd ones, from one image to many. */
  @Test
  void tilesCoverImagesAndGroupsCoverTiles() {
    int[][] images = {{112, 112, 32}, {112, 112, 96}, {56, 56, 144}, {28, 28, 192}, {14, 14, 576}, {7, 7, 960},
        {1, 1, 2}, {97, 3, 10}, {5, 61, 1000}};
    for (int batch : new int[] {1, 3, 32, 256}) {
      for (int[] image : images) {
        int lines = image[0];
        Columns blocks = Columns.depthwise(image[2] / 2);
        Tiles tiles = Tiles.of(batch, lines, image[1], blocks);
        assertTrue(blocks.threads() * blocks.lanes() <= 128);
        assertTrue(tiles.height() >= 1 && tiles.height() <= 28, tiles.toString());
        assertTrue(tiles.across() * STRIP >= image[1] && (tiles.across() - 1) * STRIP < image[1]);
        assertTrue(tiles.down() * tiles.height() >= lines && (tiles.down() - 1) * tiles.height() < lines);
        assertEquals(batch * tiles.across() * tiles.down(), tiles.count());
        Groups groups = tiles.groups();
        assertEquals(0, groups.rows() % blocks.lanes(), "all lanes of a block have as much to do");
        assertTrue(groups.count() * groups.rows() >= tiles.count());
        assertTrue((groups.count() - 1) * groups.rows() < tiles.count(), "no group is empty");
      }
    }
  }

  @Test
  void tilesAreHighWhereTheyAreManyAndLowWhereACardWouldBeIdle() {
    assertEquals(28, Tiles.of(256, 112, 112, Columns.depthwise(48)).height());
    assertEquals(4, Tiles.of(1, 112, 112, Columns.depthwise(48)).height());
    assertEquals(7, Tiles.of(256, 7, 7, Columns.depthwise(480)).height());
  }

  /** Of a kernel of 224x224 for 100 channels there would be 38 GiB of parts, and kernels would count anew from 2^31 parts on. */
  @Test
  void manySumsHaveFewerGroups() {
    assertEquals(2048, Groups.of(256 * 224, 1, 3 * 3 * 960).count());
    for (int sums : new int[] {(1 << 20) - 1, 1 << 20, 224 * 224 * 100, Integer.MAX_VALUE}) {
      Groups groups = Groups.of(256 * 224, 1, sums);
      assertTrue((long) groups.count() * sums <= Integer.MAX_VALUE, groups.toString());
      assertTrue(groups.count() * groups.rows() >= 256 * 224 && (groups.count() - 1) * groups.rows() < 256 * 224);
    }
  }

  /** Every sum has a line of threads of a power of two, and not more of them than there are groups to add. */
  @Test
  void secondStages() {
    for (int rows : new int[] {1, 32, 64, 129, 4096, 3211264}) {
      Groups groups = Groups.of(rows);
      var grid = groups.secondStage(96);
      assertEquals(1, Integer.bitCount(grid.threadsX()));
      assertTrue(grid.threadsX() * grid.threadsY() == 256 && grid.blocksX() * grid.threadsY() >= 96, grid.toString());
      assertTrue(grid.threadsX() == 1 || grid.threadsX() <= groups.count(), grid.toString());
    }
  }
}
