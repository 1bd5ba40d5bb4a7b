package dev.lentil.bench.contender;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** A JPEG of the data set's size, 450x600 (height x width), with a dark spot on a lighter ground and some grain, as skin has it. */
public final class DrawnPhoto {
  private static final int WIDTH = 600;
  private static final int HEIGHT = 450;
  private static final int GRAIN = 12;

  private DrawnPhoto() {}

  /** The file's bytes, at ImageIO's usual quality. */
  public static byte[] jpeg() {
    var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    var random = new SplittableRandom(1);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double distance = Math.hypot(x - WIDTH / 2.0, 1.3 * (y - HEIGHT / 2.0));
        double light = 1 / (1 + Math.exp(-(distance - 130) / 12));
        int red = channel(120 + 100 * light, random);
        int green = channel(70 + 110 * light, random);
        int blue = channel(60 + 100 * light, random);
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    var out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "jpeg", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static int channel(double value, SplittableRandom random) {
    return (int) Math.clamp(value + random.nextInt(-GRAIN, GRAIN + 1), 0, 255);
  }
}
