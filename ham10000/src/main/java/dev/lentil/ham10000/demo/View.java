package dev.lentil.ham10000.demo;

/**
 * Everything that differs between the pictures of one lesion: how the dermatoscope was held, light, hairs and what else
 * got into the picture.
 *
 * @param angle rotation in radians
 * @param mirrored 1 or -1
 * @param zoom magnification
 * @param shiftX of the lesion's middle from the picture's, in halves of the side
 * @param balance factors of the light's colour
 * @param slope strength of the brightest side against the darkest
 * @param slopeAngle direction of the light
 * @param vignette darkness of the corners, 0 to 1
 * @param hairs how many
 * @param ruler whether ruler marks are seen
 * @param bubbles how many, in the immersion fluid
 * @param blur deviation as a share of the side
 * @param grain deviation of the sensor's noise
 * @param detail seeds hairs and the rest
 */
record View(double angle, double mirrored, double zoom, double shiftX, double shiftY, Colour balance, double slope,
    double slopeAngle,
    double vignette, int hairs, boolean ruler, int bubbles, double blur, double grain, int detail) {
  static View draw(long seed, long lesion, int view) {
    var draws = new Draws(seed, Draws.Stream.VIEW, lesion << 8 | view);
    int hairs = draws.chance(0.25) ? draws.nextInt(1, draws.chance(0.15) ? 14 : 5) : 0;
    double vignette = draws.chance(0.2) ? draws.between(0.35, 0.75) : draws.between(0.03, 0.25);
    return new View(draws.between(0, 2 * Math.PI), draws.chance(0.5) ? 1 : -1, draws.between(0.85, 1.15),
        draws.normal(0, 0.07),
        draws.normal(0, 0.07), Colour.of(draws.normal(1, 0.03), draws.normal(1, 0.03), draws.normal(1, 0.04)),
        draws.between(0, 0.12),
        draws.between(0, 2 * Math.PI), vignette, hairs, draws.chance(0.05),
        draws.chance(0.06) ? draws.nextInt(1, 6) : 0,
        draws.between(0.002, 0.006), draws.between(0.8, 2.6), draws.nextInt());
  }
}
