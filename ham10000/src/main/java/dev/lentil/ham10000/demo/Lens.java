package dev.lentil.ham10000.demo;

import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;

/** What a camera does to a scene: light and its colour, blur, reduction to the wanted size, noise. */
final class Lens {
  /**
   * Up to this size scenes are drawn twice as large and reduced, which costs four times as much and spares thin lines
   * from stairs.
   */
  private static final int SMALL = 128;

  private Lens() {}

  /** The size at which a scene is drawn for a picture of a size. */
  static int fineSize(int size) {
    return size <= SMALL ? 2 * size : size;
  }

  /** The picture of a scene that was drawn at {@link #fineSize}; the scene is used up. */
  static RgbImage photograph(Raster scene, View view, int size) {
    light(scene, view);
    scene.blur(view.blur() * scene.size);
    var reduced = scene.size == size ? scene : scene.halved();
    grain(reduced, view);
    return new RgbImage(size, size, reduced.toBytes());
  }

  private static void light(Raster picture, View view) {
    double dx = Math.cos(view.slopeAngle()) * view.slope();
    double dy = Math.sin(view.slopeAngle()) * view.slope();
    for (int row = 0; row < picture.size; row++) {
      for (int column = 0; column < picture.size; column++) {
        float u = picture.position(column);
        float v = picture.position(row);
        double corner = Noise.step(0.75f, 1.5f, (float) Math.sqrt(u * u + v * v));
        double bright = (1 + dx * u + dy * v) * (1 - view.vignette() * corner);
        int i = 3 * (row * picture.size + column);
        picture.rgb[i] *= (float) (bright * view.balance().red());
        picture.rgb[i + 1] *= (float) (bright * view.balance().green());
        picture.rgb[i + 2] *= (float) (bright * view.balance().blue());
      }
    }
  }

  // Brightness noise for the pixel and a little of it for each colour; a sum of two uniform draws is near enough to
  // normal here.
  private static void grain(Raster picture, View view) {
    var philox = Philox.at(view.detail(), 0, 0, RandomUse.SYNTHETIC_DATA.operation(Draws.Stream.GRAIN.ordinal()));
    int pixels = picture.size * picture.size;
    var draws = new float[8 * pixels];
    philox.fillUniform(0, draws, 0, draws.length);
    for (int i = 0; i < pixels; i++) {
      float common = 0.8f * (draws[8 * i] + draws[8 * i + 1] - 1);
      for (int c = 0; c < 3; c++) {
        float own = 0.5f * (draws[8 * i + 2 + 2 * c] + draws[8 * i + 3 + 2 * c] - 1);
        picture.rgb[3 * i + c] += (float) (2.45 * view.grain()) * (common + own);
      }
    }
  }
}
