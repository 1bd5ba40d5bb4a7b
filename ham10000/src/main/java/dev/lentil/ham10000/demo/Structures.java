package dev.lentil.ham10000.demo;

/** Draws a lesion's structures on its body. Order counts: what lies deeper is drawn first. */
final class Structures {
  private final Raster body;
  private final Lesion lesion;
  private final Pose pose;

  private Structures(Raster body, Lesion lesion, Pose pose) {
    this.body = body;
    this.lesion = lesion;
    this.pose = pose;
  }

  static void paint(Raster body, Lesion lesion, Pose pose) {
    var structures = new Structures(body, lesion, pose);
    for (var structure : lesion.structures()) {
      // Each structure has draws of its own, so that one more or less leaves the others as they are.
      structures.paint(structure, new Draws(lesion.detail(), Draws.Stream.LESION, structure.ordinal()));
    }
  }

  private void paint(Structure structure, Draws draws) {
    switch (structure) {
      case NETWORK -> network(draws);
      case GLOBULES -> globules(draws);
      case STREAKS -> streaks(draws);
      case VEIL -> veil(draws);
      case BRANCHED_VESSELS -> branchedVessels(draws);
      case DOTTED_VESSELS -> dottedVessels(draws);
      case CYSTS -> cysts(draws);
      case NESTS -> nests(draws);
      case LACUNAE -> lacunae(draws);
      case SCALE -> scale(draws);
      case SCAR -> scar(draws);
    }
  }

  // A honeycomb that fades towards the border; with disorder, meshes of uneven size and width in patches.
  private void network(Draws draws) {
    float meshes = (float) draws.between(4.2, 6.0);
    float jitter = (float) (0.26 + 0.26 * lesion.disorder());
    float width = (float) draws.between(0.30, 0.46);
    float strength = (float) draws.between(18, 38);
    float disorder = (float) lesion.disorder();
    int seed = draws.nextInt();
    overBody((pixel, x, y) -> {
      float warp = 0.5f * disorder;
      float wx = x + warp * Noise.value(1.5f * x, 1.5f * y, seed + 1);
      float wy = y + warp * Noise.value(1.5f * x, 1.5f * y, seed + 2);
      float unevenness = 1 + 0.7f * disorder * Noise.value(2 * x, 2 * y, seed + 3);
      float line = Noise.step(width * unevenness, 0.04f, Noise.cellEdge(meshes * wx, meshes * wy, jitter, seed));
      float patch =
          Noise.step(-0.15f, 0.25f, Noise.octaves(1.2f * x, 1.2f * y, 2, seed + 4) + 0.9f * (0.55f - disorder));
      float amount = strength * line * patch;
      body.add(pixel, new Colour(-amount, -0.95f * amount, -0.75f * amount), 1);
    });
  }

  private void globules(Draws draws) {
    double disorder = lesion.disorder();
    int count = draws.nextInt(10, 26);
    for (int i = 0; i < count; i++) {
      // Even ones follow the sunflower spiral, which spreads points equally over a disc.
      double angle = i * 2.39996 + disorder * draws.normal(0, 1.2);
      double share = Math.clamp(Math.sqrt((i + 0.5) / count) * 0.85 + disorder * draws.normal(0, 0.2), 0.0, 1.05);
      double radius = 0.055 * Math.exp(draws.normal(0, 0.15 + 0.55 * disorder));
      double dark = draws.between(30, 50);
      spot(lesion.inside(angle, share), radius, radius, 0, 0.5, Colour.of(-dark, -0.9 * dark, -0.7 * dark));
    }
  }

  // Rays that start inside the border and run over it; they cover skin, too.
  private void streaks(Draws draws) {
    double middle = draws.between(0, 2 * Math.PI);
    double sector = draws.between(0.5, 1.2) * Math.PI;
    var colour = lesion.body().plus(new Colour(-40, -36, -28));
    int count = draws.nextInt(6, 14);
    for (int i = 0; i < count; i++) {
      double angle = middle + draws.between(-0.5, 0.5) * sector;
      var from = lesion.inside(angle, draws.between(0.6, 0.85));
      var to = lesion.inside(angle + draws.normal(0, 0.08), draws.between(1.02, 1.24));
      double width = draws.between(0.022, 0.055) * pose.unit();
      body.stroke(pose.toPicture(from), pose.toPicture(to), width, width * 0.35,
          cover(colour, draws.between(0.4, 0.8)));
    }
  }

  private void veil(Draws draws) {
    var centre = lesion.inside(draws.between(0, 2 * Math.PI), draws.between(0.1, 0.5));
    var colour = lesion.body().plus(Colour.of(draws.between(-22, 0), draws.between(20, 38), draws.between(60, 84)));
    double width = draws.between(0.3, 0.55);
    ellipse(centre, width, width * draws.between(0.6, 1), draws.between(0, Math.PI), 1,
        body.paint(colour, draws.between(0.5, 0.8)));
  }

  private void branchedVessels(Draws draws) {
    int count = draws.nextInt(1, 4);
    for (int i = 0; i < count; i++) {
      double angle = draws.between(0, 2 * Math.PI);
      vessel(lesion.inside(angle, 0.95), angle + Math.PI + draws.normal(0, 0.5), draws.between(0.020, 0.034), 2, draws);
    }
  }

  private void vessel(Point start, double heading, double width, int generations, Draws draws) {
    var at = start;
    int steps = draws.nextInt(4, 8);
    for (int i = 0; i < steps; i++) {
      heading += draws.normal(0, 0.35);
      var next = at.plus(0.12 * Math.cos(heading), 0.12 * Math.sin(heading));
      double half = width * pose.unit() * (1 - 0.4 * i / steps);
      body.stroke(pose.toPicture(at), pose.toPicture(next), half, half * 0.92, body.tint(new Colour(4, -36, -28)));
      at = next;
      if (generations > 0 && draws.chance(0.35)) {
        double side = draws.chance(0.5) ? 0.8 : -0.8;
        vessel(at, heading + side, width * 0.65, generations - 1, draws);
      }
    }
  }

  private void dottedVessels(Draws draws) {
    int count = draws.nextInt(14, 34);
    double middle = draws.between(0, 2 * Math.PI);
    for (int i = 0; i < count; i++) {
      double angle = middle + draws.normal(0, 1.5);
      double radius = draws.between(0.03, 0.055);
      spot(lesion.inside(angle, Math.sqrt(draws.between(0, 0.9))), radius, radius, 0, 0.7, new Colour(6, -44, -36));
    }
  }

  private void cysts(Draws draws) {
    int bright = draws.nextInt(4, 14);
    for (int i = 0; i < bright; i++) {
      double radius = draws.between(0.035, 0.07);
      spot(anywhere(draws), radius, radius, 0, 0.7, new Colour(50, 54, 52));
    }
    int dark = draws.nextInt(1, 8);
    for (int i = 0; i < dark; i++) {
      double radius = draws.between(0.05, 0.10);
      spot(anywhere(draws), radius, radius * draws.between(0.6, 1), draws.between(0, Math.PI), 0.3,
          new Colour(-44, -42, -38));
    }
  }

  private void nests(Draws draws) {
    int count = draws.nextInt(2, 7);
    for (int i = 0; i < count; i++) {
      double radius = draws.between(0.10, 0.22);
      spot(anywhere(draws), radius, radius * draws.between(0.5, 0.9), draws.between(0, Math.PI), 0.5,
          new Colour(-52, -30, 4));
    }
  }

  private void lacunae(Draws draws) {
    int count = draws.nextInt(9, 20);
    for (int i = 0; i < count; i++) {
      double radius = draws.between(0.13, 0.26);
      double purple = draws.between(0, 26);
      spot(anywhere(draws), radius, radius * draws.between(0.7, 1), draws.between(0, Math.PI), 0.5,
          Colour.of(-14 - purple, -40, -30 + 0.7 * purple));
    }
  }

  private void scale(Draws draws) {
    float coarse = (float) draws.between(3.2, 5.5);
    float strength = (float) draws.between(38, 70);
    int seed = draws.nextInt();
    overBody((pixel, x, y) -> {
      float amount = strength * Noise.step(0.02f, 0.55f, Noise.octaves(coarse * x, coarse * y, 3, seed));
      body.add(pixel, new Colour(amount, 0.95f * amount, 0.7f * amount), 1);
    });
  }

  private void scar(Draws draws) {
    var centre = lesion.inside(draws.between(0, 2 * Math.PI), draws.between(0, 0.25));
    double width = draws.between(0.35, 0.6);
    spot(centre, width, width * draws.between(0.7, 1), draws.between(0, Math.PI), 0.9, new Colour(46, 50, 52));
  }

  private Point anywhere(Draws draws) {
    return lesion.inside(draws.between(0, 2 * Math.PI), 0.88 * Math.sqrt(draws.nextDouble()));
  }

  // Radii in radii of the lesion; the angle turns with it.
  private void spot(Point centre, double radiusX, double radiusY, double angle, double softness, Colour difference) {
    ellipse(centre, radiusX, radiusY, angle, softness, body.tint(difference));
  }

  private void ellipse(Point centre, double radiusX, double radiusY, double angle, double softness,
      Raster.Brush brush) {
    double turned = pose.mirrored() * angle + Math.atan2(pose.sin(), pose.cos());
    body.ellipse(pose.toPicture(centre), radiusX * pose.unit(), radiusY * pose.unit(), turned, softness, brush);
  }

  // What reaches over the border must be made visible there.
  private Raster.Brush cover(Colour colour, double opacity) {
    return (pixel, coverage) -> {
      float share = (float) (coverage * opacity);
      if (body.cover[pixel] < share) {
        body.set(pixel, colour);
        body.cover[pixel] = share;
      } else {
        body.blend(pixel, colour, share);
      }
    };
  }

  private interface Touch {
    void at(int pixel, float x, float y);
  }

  private void overBody(Touch touch) {
    for (int row = 0; row < body.size; row++) {
      for (int column = 0; column < body.size; column++) {
        int pixel = row * body.size + column;
        if (body.cover[pixel] > 0) {
          float u = body.position(column);
          float v = body.position(row);
          touch.at(pixel, pose.lesionX(u, v), pose.lesionY(u, v));
        }
      }
    }
  }
}
