package dev.lentil.ham10000.demo;

import java.awt.image.BufferedImage;
import java.util.List;

/** Pictures side by side in rows, for people to look at. */
public final class ContactSheet {
  private static final int GAP = 3;
  private static final int PAPER = 0xFFFFFF;

  private ContactSheet() {}

  /** All the rows' pictures; the longest row sets the width. All pictures have one size. */
  public static BufferedImage of(List<List<DemoImage>> rows) {
    int side = rows.getFirst().getFirst().size() + GAP;
    int columns = rows.stream().mapToInt(List::size).max().orElseThrow();
    var sheet = new BufferedImage(columns * side + GAP, rows.size() * side + GAP, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < sheet.getHeight(); y++) {
      for (int x = 0; x < sheet.getWidth(); x++) {
        sheet.setRGB(x, y, PAPER);
      }
    }
    for (int row = 0; row < rows.size(); row++) {
      for (int column = 0; column < rows.get(row).size(); column++) {
        var picture = toBufferedImage(rows.get(row).get(column));
        sheet.setRGB(GAP + column * side, GAP + row * side, picture.getWidth(), picture.getHeight(),
            picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth()), 0,
            picture.getWidth());
      }
    }
    return sheet;
  }

  /** One picture in the JDK's form. */
  public static BufferedImage toBufferedImage(DemoImage image) {
    var result = new BufferedImage(image.size(), image.size(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < image.size() * image.size(); i++) {
      int red = image.rgb()[3 * i] & 0xFF;
      int green = image.rgb()[3 * i + 1] & 0xFF;
      int blue = image.rgb()[3 * i + 2] & 0xFF;
      result.setRGB(i % image.size(), i / image.size(), red << 16 | green << 8 | blue);
    }
    return result;
  }
}
