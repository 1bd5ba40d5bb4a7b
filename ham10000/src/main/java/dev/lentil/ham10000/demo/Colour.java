package dev.lentil.ham10000.demo;

/** A colour, or a difference of two; 0 to 255 is the visible range of each part. */
record Colour(float red, float green, float blue) {
  static Colour of(double red, double green, double blue) {
    return new Colour((float) red, (float) green, (float) blue);
  }

  Colour plus(Colour other) {
    return new Colour(red + other.red, green + other.green, blue + other.blue);
  }

  Colour times(double factor) {
    return of(red * factor, green * factor, blue * factor);
  }

  /** Each part multiplied by its own factor, as a coloured light does. */
  Colour times(Colour factors) {
    return new Colour(red * factors.red, green * factors.green, blue * factors.blue);
  }
}
