package dev.lentil.ham10000.demo;

/**
 * Where a lesion lies in a picture: the map between places on the lesion, in its radii, and places in the picture, in
 * halves of its side.
 *
 * @param unit the lesion's radius in the picture
 * @param mirrored 1 or -1
 */
record Pose(double cos, double sin, double unit, double mirrored, double shiftX, double shiftY) {
  static Pose of(Lesion lesion, View view) {
    return new Pose(Math.cos(view.angle()), Math.sin(view.angle()), lesion.radius() * view.zoom(), view.mirrored(),
        view.shiftX(), view.shiftY());
  }

  Point toPicture(Point onLesion) {
    double x = mirrored * onLesion.x() * unit;
    double y = onLesion.y() * unit;
    return new Point(x * cos - y * sin + shiftX, x * sin + y * cos + shiftY);
  }

  float lesionX(double u, double v) {
    return (float) (mirrored * ((u - shiftX) * cos + (v - shiftY) * sin) / unit);
  }

  float lesionY(double u, double v) {
    return (float) (((v - shiftY) * cos - (u - shiftX) * sin) / unit);
  }
}
