package dev.lentil.ham10000.demo;

/**
 * A square picture.
 *
 * @param size side in pixels
 * @param rgb red, green and blue of each pixel, row by row, [size,size,3], each 0 to 255 as an unsigned byte
 */
public record DemoImage(int size, byte[] rgb) {
  public DemoImage {
    if (rgb.length != 3 * size * size) {
      throw new IllegalArgumentException(rgb.length + " bytes are no " + size + "x" + size + " RGB picture");
    }
  }

  /** Mean of red, green and blue, 0 to 255. */
  public double[] meanColour() {
    var mean = new double[3];
    for (int i = 0; i < rgb.length; i++) {
      mean[i % 3] += rgb[i] & 0xFF;
    }
    for (int c = 0; c < 3; c++) {
      mean[c] /= (double) size * size;
    }
    return mean;
  }
}
