package dev.lentil.ham10000.demo;

/** The relief of a pebble of the pretext task, as a change of brightness. */
final class PebbleTexture {
  enum Kind {
    PLAIN, DOTS, MESH, SCRATCHES
  }

  private final Kind kind;
  private final float strength;
  private final float scale;
  private final float extent;
  private final float jitter;
  private final float cos;
  private final float sin;
  private final int seed;

  /** Surface 0, plain, or 1, one of the textures. */
  static PebbleTexture draw(int surface, Draws draws) {
    return new PebbleTexture(surface == 0 ? Kind.PLAIN : Kind.values()[draws.nextInt(1, Kind.values().length)], draws);
  }

  // Bright or dark, of any coarseness and direction.
  private PebbleTexture(Kind kind, Draws draws) {
    this.kind = kind;
    this.strength = (float) ((draws.chance(0.8) ? -1 : 1) * draws.between(35, 70));
    this.scale = (float) draws.between(kind == Kind.DOTS ? 2.2 : 3.2, kind == Kind.DOTS ? 4.0 : 6.0);
    this.extent = (float) draws.between(0.2, 0.45);
    this.jitter = (float) draws.between(0.15, 0.5);
    double angle = draws.between(0, Math.PI);
    this.cos = (float) Math.cos(angle);
    this.sin = (float) Math.sin(angle);
    this.seed = draws.nextInt();
  }

  /** The change at a place on the pebble, in its radii. */
  float at(float x, float y) {
    return switch (kind) {
      case DOTS -> strength * Noise.step(extent, 0.08f, Noise.cellDistance(scale * x, scale * y, jitter, seed));
      case MESH -> strength * Noise.step(extent, 0.04f, Noise.cellEdge(scale * x, scale * y, jitter, seed));
      // Long thin cells: noise that changes fast across the scratches and slowly along them.
      case SCRATCHES -> strength
          * Noise.step(0.25f, 0.6f,
              Noise.value(2.2f * scale * (x * cos + y * sin), 0.35f * scale * (y * cos - x * sin), seed));
      case PLAIN -> 0;
    };
  }
}
