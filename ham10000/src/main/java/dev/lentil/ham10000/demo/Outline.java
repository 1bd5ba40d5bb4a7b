package dev.lentil.ham10000.demo;

import java.util.stream.IntStream;

/**
 * A closed line round the origin, star-shaped.
 *
 * @param radius for angles evenly round the circle; its quadratic mean is 1, so that every outline encloses the same
 *     area
 */
record Outline(float[] radius) {
  private static final int ANGLES = 256;

  /**
   * Low waves give every outline a shape of its own; only the higher ones, which make it ragged or notched, follow the
   * irregularity. They are stronger in one sector than opposite it: even waves all round would look like a cogwheel.
   *
   * @param irregularity 0 to 1
   */
  static Outline draw(double irregularity, Draws draws) {
    var radius = new double[ANGLES];
    double ragged = draws.between(0, 2 * Math.PI);
    for (int wave = 2; wave <= 16; wave++) {
      boolean low = wave <= 3;
      double strength = wave == 2
          ? 0.11
          : low ? 0.03 + 0.06 * irregularity : 0.58 * Math.pow(irregularity, 1.5) / Math.pow(wave, 0.85);
      double height = strength * (low ? draws.between(0.2, 1.2) : draws.normal(0, 0.6));
      double phase = draws.between(0, 2 * Math.PI);
      for (int i = 0; i < ANGLES; i++) {
        double angle = 2 * Math.PI * i / ANGLES;
        double here = low ? 1 : 0.65 + 0.55 * Math.cos(angle - ragged);
        radius[i] += here * height * Math.cos(wave * angle + phase);
      }
    }
    for (int i = 0; i < ANGLES; i++) {
      radius[i] = Math.max(0.35, 1 + radius[i]);
    }
    double scale =
        1 / Math.sqrt(IntStream.range(0, ANGLES).mapToDouble(i -> radius[i] * radius[i]).average().orElseThrow());
    var scaled = new float[ANGLES];
    for (int i = 0; i < ANGLES; i++) {
      scaled[i] = (float) (radius[i] * scale);
    }
    return new Outline(scaled);
  }

  /** The radius at an angle in radians. */
  float at(double angle) {
    double turn = angle / (2 * Math.PI);
    float place = (float) ((turn - Math.floor(turn)) * ANGLES);
    int i = (int) place;
    return Noise.mix(radius[i % ANGLES], radius[(i + 1) % ANGLES], place - i);
  }
}
