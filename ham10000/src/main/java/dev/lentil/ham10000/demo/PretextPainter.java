package dev.lentil.ham10000.demo;

import dev.lentil.mobilenetv2.image.RgbImage;
import java.util.List;

/**
 * Another task to learn from before lesions are seen: dark pebbles of any tint on light ground of any tint, in eight
 * classes that combine an outline (smooth or ragged), colours (one or many) and a surface (plain or textured with
 * dots, a mesh or scratches). No skin, no lesion, no diagnosis; but whoever can tell these apart has
 * learned to look at outlines, colour variety and texture, and to look past colour, light and hairs.
 */
public final class PretextPainter {
  private static final List<String> OUTLINES = List.of("smooth", "ragged");
  private static final List<String> COLOURS = List.of("one colour", "many colours");
  private static final List<String> SURFACES = List.of("plain", "textured");

  /** Outlines x colours x surfaces. */
  public static final int CLASSES = OUTLINES.size() * COLOURS.size() * SURFACES.size();

  private PretextPainter() {}

  /** The class of picture number {@code index}, 0 to 7; each is equally common in any run of eight. */
  public static int label(long index) {
    return (int) (index % CLASSES);
  }

  /** The name of a class for people, such as {@code ragged, many colours, plain}. */
  public static String className(int label) {
    return OUTLINES.get(outline(label)) + ", " + COLOURS.get(colours(label)) + ", " + SURFACES.get(surface(label));
  }

  /** Picture number {@code index} of the run with this seed, {@code size} pixels square. */
  public static RgbImage paint(long seed, long index, int size) {
    int label = label(index);
    var draws = new Draws(seed, Draws.Stream.PATTERN, index);
    // Views of a run of their own: the lesions' data set uses the same stream with its own numbers.
    var view = View.draw(seed ^ 0x9E3779B97F4A7C15L, index, 0);
    var scene = new Raster(Lens.fineSize(size));
    var ground = tone(draws.between(140, 235), 24, draws);
    paintGround(scene, ground, draws);
    var pebble = new Raster(scene.size);
    double unit = draws.between(0.5, 0.76);
    paintPebble(pebble, unit, ground.plus(tone(-draws.between(45, 95), 30, draws)), label, view, draws);
    for (int i = 0; i < pebble.cover.length; i++) {
      if (pebble.cover[i] > 0) {
        scene.blend(i, new Colour(pebble.rgb[3 * i], pebble.rgb[3 * i + 1], pebble.rgb[3 * i + 2]), pebble.cover[i]);
      }
    }
    if (draws.chance(0.3)) {
      Artefacts.paint(scene, view);
    }
    return Lens.photograph(scene, view, size);
  }

  private static int outline(int label) {
    return label / (COLOURS.size() * SURFACES.size());
  }

  private static int colours(int label) {
    return label / SURFACES.size() % COLOURS.size();
  }

  private static int surface(int label) {
    return label % SURFACES.size();
  }

  // The two outlines leave a gap between them: a class is to be seen, not guessed.
  private static double irregularity(int outline, Draws draws) {
    return outline == 0 ? draws.between(0, 0.25) : draws.between(0.65, 1);
  }

  // Grey of a brightness, tinted by any hue.
  private static Colour tone(double brightness, double tint, Draws draws) {
    return Colour.of(brightness + draws.between(-tint, tint), brightness + draws.between(-tint, tint),
        brightness + draws.between(-tint, tint));
  }

  private static void paintGround(Raster scene, Colour ground, Draws draws) {
    int seed = draws.nextInt();
    float coarse = (float) draws.between(0.8, 3);
    float strength = (float) draws.between(2, 10);
    for (int row = 0; row < scene.size; row++) {
      for (int column = 0; column < scene.size; column++) {
        float field = strength * Noise.octaves(coarse * scene.position(column), coarse * scene.position(row), 2, seed);
        scene.set(row * scene.size + column, ground.plus(new Colour(field, field, field)));
      }
    }
  }

  private static void paintPebble(Raster pebble, double unit, Colour base, int label, View view, Draws draws) {
    var outline = Outline.draw(irregularity(outline(label), draws), draws);
    var pose =
        new Pose(Math.cos(view.angle()), Math.sin(view.angle()), unit, view.mirrored(), view.shiftX(), view.shiftY());
    int zones = colours(label) == 0 ? 1 : draws.nextInt(3, 6);
    var colours = new Colour[zones];
    for (int z = 0; z < zones; z++) {
      colours[z] = z == 0 ? base : base.plus(tone(draws.between(-45, 45), 60, draws));
    }
    int seed = draws.nextInt();
    float soft = (float) draws.between(0.06, 0.2);
    float coarse = (float) draws.between(0.8, 1.8);
    float sharp = (float) draws.between(4, 9);
    // Even pebbles may be shaded, too: shade is not variety.
    float shade = (float) draws.between(0, 12);
    var weights = new float[zones];
    var texture = PebbleTexture.draw(surface(label), draws);
    for (int row = 0; row < pebble.size; row++) {
      for (int column = 0; column < pebble.size; column++) {
        float u = pebble.position(column);
        float v = pebble.position(row);
        float x = pose.lesionX(u, v);
        float y = pose.lesionY(u, v);
        float cover =
            Noise.step(-soft / 2, soft / 2, (float) (outline.at(Math.atan2(y, x)) - Math.sqrt(x * x + y * y)));
        if (cover == 0) {
          continue;
        }
        int pixel = row * pebble.size + column;
        pebble.cover[pixel] = cover;
        float total = 0;
        for (int z = 0; z < zones; z++) {
          weights[z] = (float) Math.exp(sharp * Noise.octaves(coarse * x + 13 * z, coarse * y, 2, seed + z));
          total += weights[z];
        }
        float relief = shade * Noise.value(x, y, seed - 1) + texture.at(x, y);
        pebble.set(pixel, new Colour(relief, relief, relief));
        for (int z = 0; z < zones; z++) {
          pebble.add(pixel, colours[z], weights[z] / total);
        }
      }
    }
  }
}
