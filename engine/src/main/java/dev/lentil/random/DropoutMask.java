package dev.lentil.random;

/**
 * The random factors of a dropout layer while training: 0 with probability {@code rate}, otherwise {@code 1/(1-rate)}. They are a
 * function of the seed, the stage, the step, the layer and the element alone, so every backend draws the same ones, and the backward
 * pass draws again what the forward pass drew.
 */
public final class DropoutMask {
  private DropoutMask() {}

  /**
   * Fills {@code factors[0..count-1]} for the elements {@code first .. first+count-1}, where element {@code i * features + e} is
   * element {@code e} of sample {@code i} of the batch.
   *
   * @param layer the layer's number in its network
   */
  public static void fill(long seed, int stage, long step, int layer, double rate, long first, float[] factors,
      int count) {
    Philox.at(seed, stage, (int) step, RandomUse.DROPOUT.operation(layer)).fillUniform(first, factors, 0, count);
    float kept = (float) (1 / (1 - rate));
    for (int i = 0; i < count; i++) {
      factors[i] = factors[i] >= rate ? kept : 0;
    }
  }
}
