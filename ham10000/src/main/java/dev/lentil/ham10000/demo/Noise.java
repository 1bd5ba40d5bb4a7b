package dev.lentil.ham10000.demo;

/** Smooth random fields over the plane, functions of position and seed alone. */
final class Noise {
  private Noise() {}

  /** Value noise in [-1, 1]: random values on the integer lattice, blended by a cubic (Perlin's 3t^2 - 2t^3). */
  static float value(float x, float y, int seed) {
    int ix = (int) Math.floor(x);
    int iy = (int) Math.floor(y);
    float fx = x - ix;
    float fy = y - iy;
    float sx = fx * fx * (3 - 2 * fx);
    float sy = fy * fy * (3 - 2 * fy);
    float upper = mix(lattice(ix, iy, seed), lattice(ix + 1, iy, seed), sx);
    float lower = mix(lattice(ix, iy + 1, seed), lattice(ix + 1, iy + 1, seed), sx);
    return mix(upper, lower, sy);
  }

  /** Octaves of value noise, each of double frequency and half the strength, scaled to [-1, 1]. */
  static float octaves(float x, float y, int count, int seed) {
    float sum = 0;
    float strength = 1;
    float total = 0;
    for (int i = 0; i < count; i++) {
      sum += strength * value(x, y, seed + i * 7919);
      total += strength;
      strength *= 0.5f;
      x = 2 * x + 17.3f;
      y = 2 * y - 9.1f;
    }
    return sum / total;
  }

  /**
   * Distance to the second nearest cell centre less that to the nearest: 0 on the lines between cells, large inside
   * (Worley, "A Cellular Texture Basis Function", SIGGRAPH 1996). Centres sit on a staggered grid of spacing 1, moved
   * by up to {@code jitter}: 0 gives a honeycomb, 0.5 irregular meshes.
   */
  static float cellEdge(float x, float y, float jitter, int seed) {
    var distances = cellDistances(x, y, jitter, seed);
    return (float) (Math.sqrt(distances.second()) - Math.sqrt(distances.nearest()));
  }

  /** Distance to the nearest cell centre of {@link #cellEdge}. */
  static float cellDistance(float x, float y, float jitter, int seed) {
    return (float) Math.sqrt(cellDistances(x, y, jitter, seed).nearest());
  }

  private record CellDistances(float nearest, float second) {}

  // Both squared. The record never leaves its caller: no allocation once compiled.
  private static CellDistances cellDistances(float x, float y, float jitter, int seed) {
    int iy = (int) Math.floor(y);
    float nearest = Float.MAX_VALUE;
    float second = Float.MAX_VALUE;
    for (int cy = iy - 1; cy <= iy + 1; cy++) {
      float stagger = (cy & 1) * 0.5f;
      int ix = (int) Math.floor(x - stagger);
      for (int cx = ix - 1; cx <= ix + 1; cx++) {
        int h = hash(cx, cy, seed);
        float dx = cx + 0.5f + stagger + jitter * unit(h) - x;
        float dy = cy + 0.5f + jitter * unit(h * 0x2C1B3C6D) - y;
        float distance = dx * dx + dy * dy;
        if (distance < nearest) {
          second = nearest;
          nearest = distance;
        } else if (distance < second) {
          second = distance;
        }
      }
    }
    return new CellDistances(nearest, second);
  }

  /**
   * 0 below {@code low}, 1 above {@code high}, a smooth step between; {@code low} may be the larger, for a step down.
   */
  static float step(float low, float high, float x) {
    float t = Math.clamp((x - low) / (high - low), 0f, 1f);
    return t * t * (3 - 2 * t);
  }

  static float mix(float a, float b, float t) {
    return a + (b - a) * t;
  }

  private static float lattice(int x, int y, int seed) {
    return unit(hash(x, y, seed));
  }

  private static float unit(int hash) {
    return hash * 0x1p-31f;
  }

  // The finaliser of MurmurHash3 over the mixed coordinates: cheap, and good enough for pictures.
  private static int hash(int x, int y, int seed) {
    int h = x * 0x9E3779B1 ^ y * 0x85EBCA77 ^ seed * 0xC2B2AE3D;
    h = (h ^ h >>> 16) * 0x85EBCA6B;
    h = (h ^ h >>> 13) * 0xC2B2AE35;
    return h ^ h >>> 16;
  }
}
