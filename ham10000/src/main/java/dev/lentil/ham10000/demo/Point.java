package dev.lentil.ham10000.demo;

/** A place on the lesion or in the picture. */
record Point(double x, double y) {
  static Point polar(double angle, double radius) {
    return new Point(radius * Math.cos(angle), radius * Math.sin(angle));
  }

  Point plus(double dx, double dy) {
    return new Point(x + dx, y + dy);
  }
}
