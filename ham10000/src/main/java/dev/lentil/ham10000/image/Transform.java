package dev.lentil.ham10000.image;

import dev.lentil.image.ImageMap;
import dev.lentil.image.Normalization;
import dev.lentil.mobilenetv2.image.View;
import java.util.Optional;

/**
 * One image's transformation: an affine map about the centre with order-1 interpolation and repeated edges, then quarter turns, then the
 * flips, then colours, then normalisation, in float32 as in Keras.
 *
 * <p>Source: Keras 3, {@code keras/src/legacy/preprocessing/image.py}, {@code apply_affine_transform} and {@code
 * ImageDataGenerator.apply_transform}. Keras names the first coordinate x and the columns' axis x as well, so that for images that are
 * not square its centre has height and width interchanged and its height shift moves columns; that is kept, since being Keras's is the
 * point. On square images the centre is the centre.
 *
 * @param theta rotation in degrees
 * @param tx first shift in pixels; it moves columns
 * @param ty second shift in pixels; it moves rows
 * @param zx zoom of the columns' axis
 * @param zy zoom of the rows' axis
 * @param quarterTurns clockwise, 0 to 3; of square images
 */
public record Transform(double theta, double tx, double ty, double zx, double zy, boolean flipHorizontal,
    boolean flipVertical, int quarterTurns, Colours colours) {
  /** Changes nothing. */
  public static final Transform IDENTITY = of(0, 0, 0, 1, 1, false, false);

  /** A view of the image: it is turned and mirrored, and nothing else. */
  public static Transform of(View view) {
    return new Transform(0, 0, 0, 1, 1, view.leftToRight(), view.topToBottom(), view.quarterTurns(), Colours.SAME);
  }

  /** What Keras's generator can do: no quarter turns, and colours as they are. */
  static Transform of(double theta, double tx, double ty, double zx, double zy, boolean flipHorizontal,
      boolean flipVertical) {
    return new Transform(theta, tx, ty, zx, zy, flipHorizontal, flipVertical, 0, Colours.SAME);
  }

  /**
   * Transforms and normalises one image.
   *
   * @param rgb [height,width,3] from its start
   * @param out receives [height,width,3] from {@code offset} on
   * @throws IllegalArgumentException for quarter turns of an image that is not square
   */
  public void apply(byte[] rgb, int height, int width, Normalization normalization, float[] out, int offset) {
    map(height, width).apply(rgb, height, width, normalization, out, offset);
  }

  /**
   * The transformation of images of a size, as processor and devices apply it.
   *
   * @throws IllegalArgumentException for quarter turns of an image that is not square
   */
  public ImageMap map(int height, int width) {
    return equals(IDENTITY)
        ? ImageMap.AS_IS
        : new ImageMap.Affine(inputCoordinates(height, width), flipHorizontal, flipVertical,
            colours.equals(Colours.SAME) ? Optional.empty() : Optional.of(colours.matrix()));
  }

  /**
   * Where an output pixel comes from: input row = m[0] * row + m[1] * column + m[2], input column = m[3] * row + m[4] * column + m[5].
   * This is Keras's matrix, rotation times shift times zoom, moved to the centre, and then turned.
   */
  double[] inputCoordinates(int height, int width) {
    double cos = Math.cos(Math.toRadians(theta));
    double sin = Math.sin(Math.toRadians(theta));
    // [cos -sin 0; sin cos 0] [1 0 tx; 0 1 ty] [zx 0 0; 0 zy 0] in Keras's (first, second) coordinates
    double xx = cos * zx;
    double xy = -sin * zy;
    double x = cos * tx - sin * ty;
    double yx = sin * zx;
    double yy = cos * zy;
    double y = sin * tx + cos * ty;
    double centreX = height / 2.0 - 0.5;
    double centreY = width / 2.0 - 0.5;
    double offsetX = centreX + x - xx * centreX - xy * centreY;
    double offsetY = centreY + y - yx * centreX - yy * centreY;
    // the first coordinate is the column, the second the row
    return turned(new double[] {yy, yx, offsetY, xy, xx, offsetX}, height, width);
  }

  /** The map of an output that is turned clockwise: its (row, column) is (side - 1 - column, row) of the unturned one. */
  private double[] turned(double[] map, int height, int width) {
    if (quarterTurns != 0 && height != width) {
      throw new IllegalArgumentException(
          "quarter turns are for square images, not for " + height + "x" + width + " pixels");
    }
    double[] m = map;
    for (int turn = 0; turn < quarterTurns; turn++) {
      int last = height - 1;
      m = new double[] {m[1], -m[0], m[2] + m[0] * last, m[4], -m[3], m[5] + m[3] * last};
    }
    return m;
  }
}
