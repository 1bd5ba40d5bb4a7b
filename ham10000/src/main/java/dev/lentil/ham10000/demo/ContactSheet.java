package dev.lentil.ham10000.demo;

import dev.lentil.ham10000.image.Pictures;
import dev.lentil.mobilenetv2.image.RgbImage;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;

/** Pictures side by side in rows, for people to look at. */
public final class ContactSheet {
  private static final int GAP = 3;

  private ContactSheet() {}

  /** All the rows' pictures; the longest row sets the width. Every picture has the size of the first. */
  public static BufferedImage of(List<List<RgbImage>> rows) {
    var first = rows.getFirst().getFirst();
    int columns = rows.stream().mapToInt(List::size).max().orElseThrow();
    var sheet = new BufferedImage(columns * (first.width() + GAP) + GAP, rows.size() * (first.height() + GAP) + GAP,
        BufferedImage.TYPE_INT_RGB);
    var pen = sheet.createGraphics();
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    for (int row = 0; row < rows.size(); row++) {
      for (int column = 0; column < rows.get(row).size(); column++) {
        pen.drawImage(Pictures.of(rows.get(row).get(column)), GAP + column * (first.width() + GAP),
            GAP + row * (first.height() + GAP), null);
      }
    }
    pen.dispose();
    return sheet;
  }
}
