package dev.lentil.ham10000.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ContactSheetTest {
  private static final int SIZE = 24;
  private static final int GAP = 3;

  @Test
  void holdsEveryPictureOfTheGalleryAtItsPlace() {
    var rows = Gallery.diagnoses(1, 4, SIZE);
    assertEquals(7, rows.size());
    var sheet = ContactSheet.of(rows);
    assertEquals(4 * (SIZE + GAP) + GAP, sheet.getWidth());
    assertEquals(7 * (SIZE + GAP) + GAP, sheet.getHeight());
    assertEquals(0xFFFFFFFF, sheet.getRGB(0, 0));
    for (int row = 0; row < 7; row++) {
      for (int column = 0; column < 4; column++) {
        byte[] rgb = rows.get(row).get(column).rgb();
        int last = rgb.length - 3;
        int expected = 0xFF << 24 | (rgb[last] & 0xFF) << 16 | (rgb[last + 1] & 0xFF) << 8 | rgb[last + 2] & 0xFF;
        assertEquals(expected, sheet.getRGB((column + 1) * (SIZE + GAP) - 1, (row + 1) * (SIZE + GAP) - 1));
      }
    }
  }

  @Test
  void showsEveryClassOfThePretextTask() {
    assertEquals(PretextPainter.CLASSES, Gallery.pretext(1, 2, SIZE).size());
  }
}
