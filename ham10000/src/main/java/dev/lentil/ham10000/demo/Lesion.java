package dev.lentil.ham10000.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Everything that stays the same in all pictures of one lesion. A hidden degree of atypia moves border, colours and
 * order together, each with some freedom of its own; skin, size, contrast and mean colour are drawn alike for all
 * diagnoses.
 *
 * @param border irregularity of the outline, 0 to 1
 * @param variety of colours, 0 to 1
 * @param disorder of structures, 0 to 1
 * @param radius mean radius as a share of half the picture's side, at zoom 1
 * @param softness width of the border as a share of the radius
 * @param skin mean colour of the skin
 * @param body mean colour of the lesion
 * @param zones differences in colour, the first none
 * @param detail seeds the structures and fields
 */
record Lesion(DiagnosisStyle style, double border, double variety, double disorder, double radius, Outline outline,
    double softness, Colour skin,
    Colour body, List<Colour> zones, Set<Structure> structures, int detail) {
  /** Spread of atypia within a diagnosis. */
  private static final double SPREAD = 0.10;

  private static final List<Colour> PALETTE = List.of(
      new Colour(-42, -36, -26), // dark brown
      new Colour(-72, -56, -42), // black
      new Colour(32, 26, 14), // light brown
      new Colour(26, -22, -12), // red
      new Colour(-40, -12, 22), // blue-grey
      new Colour(46, 50, 52)); // white

  static Lesion draw(DiagnosisStyle style, long seed, long index) {
    var draws = new Draws(seed, Draws.Stream.LESION, index);
    double atypia = draws.normal(style.atypia(), SPREAD);
    double border = near(atypia, draws);
    double variety = near(atypia, draws);
    double disorder = near(atypia, draws);
    double light = draws.normal(0, 1);
    double warmth = draws.normal(0, 1);
    var skin = Colour.of(218 + 14 * light + 4 * warmth, 168 + 17 * light - 3 * warmth, 148 + 17 * light - 8 * warmth);
    double depth = draws.between(0, 1);
    double hue = draws.normal(0, 0.8) + (style == DiagnosisStyle.VASC ? 2 : 0); // too few to move the mean of the benign
    var body = skin.times(Colour.of(0.60 + 0.22 * depth + 0.03 * hue, 0.41 + 0.29 * depth - 0.025 * hue,
        0.37 + 0.30 * depth + 0.02 * hue));
    var structures = EnumSet.noneOf(Structure.class);
    for (var structure : Structure.values()) {
      if (draws.chance(style.chance(structure))) {
        structures.add(structure);
      }
    }
    return new Lesion(style, border, variety, disorder, draws.between(0.55, 0.75), Outline.draw(border, draws),
        draws.between(0.08, 0.24), skin, body,
        zones(variety, draws), structures, draws.nextInt());
  }

  /** A point inside, at a share of the way from the middle to the border. */
  Point inside(double angle, double share) {
    return Point.polar(angle, share * outline.at(angle));
  }

  private static double near(double atypia, Draws draws) {
    return Math.clamp(atypia + draws.normal(0, 0.10), 0.0, 1.0);
  }

  private static List<Colour> zones(double variety, Draws draws) {
    int count = 1 + Math.clamp(Math.round(draws.normal(4.4 * variety - 0.2, 0.6)), 1, 4);
    var order = IntStream.range(0, PALETTE.size()).boxed().toList();
    var shuffled = new ArrayList<>(order.subList(1, order.size()));
    Collections.shuffle(shuffled, draws);
    shuffled.addFirst(0); // dark brown is the commonest second colour
    var zones = new ArrayList<Colour>();
    zones.add(new Colour(0, 0, 0));
    for (int i = 0; i < count; i++) {
      zones.add(PALETTE.get(shuffled.get(i)).times(draws.between(0.8, 1.2)));
    }
    return List.copyOf(zones);
  }
}
