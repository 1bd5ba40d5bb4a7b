package dev.lentil.ham10000.demo;

/** What lies between lens and skin: hairs, bubbles in the immersion fluid, ruler marks. */
final class Artefacts {
  private static final int HAIR_SEGMENTS = 14;

  private Artefacts() {}

  static void paint(Raster picture, View view) {
    var draws = new Draws(view.detail(), Draws.Stream.VIEW, 0);
    double growth = draws.between(0, 2 * Math.PI);
    double shade = draws.between(0, 1);
    for (int i = 0; i < view.hairs(); i++) {
      hair(picture, growth + draws.normal(0, 0.45), shade, draws);
    }
    for (int i = 0; i < view.bubbles(); i++) {
      bubble(picture, draws);
    }
    if (view.ruler()) {
      ruler(picture, draws);
    }
  }

  private static void hair(Raster picture, double direction, double shade, Draws draws) {
    var colour = Colour.of(38 + 55 * shade, 26 + 38 * shade, 22 + 26 * shade);
    double width = draws.between(0.006, 0.016);
    double length = draws.between(0.7, 2.6);
    double bend = draws.normal(0, 0.9);
    double heading = direction - bend / 2;
    var at = new Point(draws.between(-1, 1), draws.between(-1, 1)).plus(-Math.cos(direction) * length / 2,
        -Math.sin(direction) * length / 2);
    for (int i = 0; i < HAIR_SEGMENTS; i++) {
      var next = at.plus(Math.cos(heading) * length / HAIR_SEGMENTS, Math.sin(heading) * length / HAIR_SEGMENTS);
      double taper = 1 - 0.6 * i / HAIR_SEGMENTS;
      picture.stroke(at, next, width * taper, width * (taper - 0.6 / HAIR_SEGMENTS), picture.paint(colour, 0.85));
      at = next;
      heading += bend / HAIR_SEGMENTS;
    }
  }

  private static void bubble(Raster picture, Draws draws) {
    var centre = new Point(draws.between(-1, 1), draws.between(-1, 1));
    double radius = draws.between(0.03, 0.11);
    picture.ellipse(centre, radius, radius, 0, 0.5, picture.tint(new Colour(-16, -16, -14)));
    picture.ellipse(centre, radius * 0.85, radius * 0.85, 0, 0.4, picture.tint(new Colour(22, 22, 21)));
    var gleam = centre.plus(-0.4 * radius, -0.4 * radius);
    picture.ellipse(gleam, radius * 0.3, radius * 0.3, 0, 0.8, picture.paint(new Colour(252, 250, 248), 0.9));
  }

  private static void ruler(Raster picture, Draws draws) {
    double edge = draws.between(0.78, 0.95);
    double gap = draws.between(0.08, 0.16);
    double turn = Math.PI / 2 * draws.nextInt(4) + draws.normal(0, 0.04);
    var ink = new Colour(40, 38, 42);
    for (int i = -12; i <= 12; i++) {
      double length = i % 5 == 0 ? 0.16 : 0.08;
      picture.stroke(turned(i * gap, edge, turn), turned(i * gap, edge + length, turn), 0.009, 0.009,
          picture.paint(ink, 0.8));
    }
  }

  private static Point turned(double x, double y, double angle) {
    return new Point(x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle));
  }
}
