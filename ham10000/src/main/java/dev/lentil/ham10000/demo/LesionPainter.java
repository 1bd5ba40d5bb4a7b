package dev.lentil.ham10000.demo;

import dev.lentil.mobilenetv2.image.RgbImage;

/**
 * Draws pictures that look like dermatoscopy: skin with its shading, a lesion with outline, zones of colour and
 * structures, hairs, bubbles and ruler marks now and then, light, blur and grain. The same lesion and view give the
 * same bytes.
 *
 * <p>Before the lesion is laid on the skin, its colour is moved so that its mean is what was drawn for it from a
 * distribution common to all diagnoses: whatever zones and structures it has, mean colour tells nothing.
 */
final class LesionPainter {
  private LesionPainter() {}

  /** One view of a lesion, {@code size} pixels square. */
  static RgbImage paint(Lesion lesion, View view, int size) {
    int fine = Lens.fineSize(size);
    var pose = Pose.of(lesion, view);
    var picture = new Raster(fine);
    paintSkin(picture, lesion, pose);
    var body = new Raster(fine);
    paintBody(body, lesion, pose);
    Structures.paint(body, lesion, pose);
    recentre(body, lesion.body());
    for (int i = 0; i < body.cover.length; i++) {
      if (body.cover[i] > 0) {
        picture.blend(i, new Colour(body.rgb[3 * i], body.rgb[3 * i + 1], body.rgb[3 * i + 2]),
            Math.min(1, body.cover[i]));
      }
    }
    Artefacts.paint(picture, view);
    return Lens.photograph(picture, view, size);
  }

  private static void paintSkin(Raster picture, Lesion lesion, Pose pose) {
    int seed = lesion.detail();
    for (int row = 0; row < picture.size; row++) {
      for (int column = 0; column < picture.size; column++) {
        // Skin moves with the lesion: its pores and blotches are the same in every view.
        float x = pose.lesionX(picture.position(column), picture.position(row));
        float y = pose.lesionY(picture.position(column), picture.position(row));
        float blotch = Noise.octaves(1.1f * x, 1.1f * y, 2, seed + 1);
        float redness = Noise.value(1.7f * x + 31, 1.7f * y, seed + 2);
        float furrow = 1 - Math.abs(Noise.value(5 * x, 5 * y, seed + 3));
        float relief = 9 * blotch - 4 * furrow * furrow + 2.5f * Noise.value(14 * x, 14 * y, seed + 4);
        var skin = lesion.skin();
        picture.set(row * picture.size + column,
            new Colour(skin.red() + relief + 3 * redness, skin.green() + relief - 5 * redness,
                skin.blue() + relief - 3 * redness));
      }
    }
  }

  private static void paintBody(Raster body, Lesion lesion, Pose pose) {
    int seed = lesion.detail();
    int count = lesion.zones().size();
    var weights = new float[count];
    var drift = new Draws(seed, Draws.Stream.LESION, 0xB0D7);
    var towards = new Point[count];
    float eccentric = (float) (0.15 + 0.75 * lesion.disorder());
    for (int z = 0; z < count; z++) {
      towards[z] = Point.polar(drift.between(0, 2 * Math.PI), eccentric);
    }
    float coarse = (float) drift.between(0.9, 1.5);
    float sharp = (float) drift.between(3.5, 7);
    float patchy = (float) lesion.disorder();
    for (int row = 0; row < body.size; row++) {
      for (int column = 0; column < body.size; column++) {
        float x = pose.lesionX(body.position(column), body.position(row));
        float y = pose.lesionY(body.position(column), body.position(row));
        float distance = (float) Math.hypot(x, y);
        if (distance > 2) {
          continue;
        }
        float depth =
            lesion.outline().at(Math.atan2(y, x)) - distance + 0.05f * Noise.octaves(3 * x, 3 * y, 2, seed + 5);
        float soft = (float) lesion.softness() * (1 + 0.5f * patchy * Noise.value(x, y, seed + 6));
        float cover = Noise.step(-soft / 2, soft / 2, depth);
        if (cover == 0) {
          continue;
        }
        int pixel = row * body.size + column;
        body.cover[pixel] = cover;
        float total = 0;
        for (int z = 0; z < count; z++) {
          float field = 0.85f * Noise.octaves(coarse * x + 13 * z, coarse * y, 2, seed + 10 + z);
          float askew = (float) (towards[z].x() * x + towards[z].y() * y);
          // Plain lesions are darker in the middle and lighter outside; atypical ones lie askew.
          float centred = z == 1 ? (1 - patchy) * (0.45f - distance) : 0;
          weights[z] = (float) Math.exp(sharp * (field + askew + centred - (z == 0 ? 0 : 0.12f)));
          total += weights[z];
        }
        float texture = 9 * Noise.octaves(3.2f * x, 3.2f * y, 3, seed + 7) - 10 * Noise.step(0, 0.9f, depth);
        body.set(pixel, new Colour(texture, texture, texture).plus(lesion.body()));
        for (int z = 1; z < count; z++) {
          body.add(pixel, lesion.zones().get(z), weights[z] / total);
        }
      }
    }
  }

  // Shifting may leave parts greener than any lesion is. Those are toned down, which moves the mean again, by less each
  // time.
  private static void recentre(Raster body, Colour wanted) {
    shiftMean(body, wanted);
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < body.rgb.length; i += 3) {
        body.rgb[i + 1] = Math.min(body.rgb[i + 1], Math.max(0.80f * body.rgb[i] + 4, 0.92f * body.rgb[i + 2]));
      }
      shiftMean(body, wanted);
    }
  }

  private static void shiftMean(Raster body, Colour wanted) {
    double red = 0;
    double green = 0;
    double blue = 0;
    double total = 0;
    for (int i = 0; i < body.cover.length; i++) {
      float weight = body.cover[i];
      red += weight * body.rgb[3 * i];
      green += weight * body.rgb[3 * i + 1];
      blue += weight * body.rgb[3 * i + 2];
      total += weight;
    }
    var shift = Colour.of(wanted.red() - red / total, wanted.green() - green / total, wanted.blue() - blue / total);
    for (int i = 0; i < body.cover.length; i++) {
      body.add(i, shift, 1);
    }
  }
}
