package dev.lentil.image;

import java.util.Optional;

/**
 * How an image of bytes becomes a network's input of the same size. A processor applies it, or a device to images that it
 * holds; both calculate in the same order, so that both have the same bits.
 */
public sealed interface ImageMap {
  /** Every pixel where it is, as it is. */
  ImageMap AS_IS = new AsIs();

  /**
   * Makes one image's input.
   *
   * @param rgb [height,width,3] from its start
   * @param out receives [height,width,3] from {@code offset} on
   */
  void apply(byte[] rgb, int height, int width, Normalization normalization, float[] out, int offset);

  /** Normalisation alone. */
  record AsIs() implements ImageMap {
    @Override
    public void apply(byte[] rgb, int height, int width, Normalization normalization, float[] out, int offset) {
      normalization.apply(rgb, height * width, out, offset);
    }
  }

  /**
   * An affine map with order-1 interpolation and repeated edges, then the flips, then colours, then normalisation.
   *
   * @param coordinates m[6]: input row = m[0] * row + m[1] * column + m[2], input column = m[3] * row + m[4] * column +
   *     m[5], before the flips
   * @param colours empty if they stay as they are
   */
  record Affine(double[] coordinates, boolean flipHorizontal, boolean flipVertical, Optional<ColourMatrix> colours)
      implements ImageMap {
    @Override
    public void apply(byte[] rgb, int height, int width, Normalization normalization, float[] out, int offset) {
      new AffineSampler(rgb, height, width, normalization, this).sample(out, offset);
    }
  }
}
