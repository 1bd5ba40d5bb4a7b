package dev.lentil.ham10000.explain;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.report.Fonts;
import dev.lentil.ham10000.report.Palette;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * Pictures in a grid with a heading, a legend of their colours and the disclaimer: what {@code lentil explain} writes.
 *
 * @param title the heading
 * @param remark a line below it
 * @param tiles row by row, all of one size
 * @param columns pictures in a row
 * @param scale of the colours
 * @param unit what the colours' numbers are
 */
public record Sheet(String title, String remark, List<Tile> tiles, int columns, Scale scale, String unit) {
  private static final int MARGIN = 24;
  private static final int GAP = 16;
  private static final int LINE = 22;
  private static final int BAR_WIDTH = 320;
  private static final int BAR_HEIGHT = 14;
  private static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 17);
  private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 14);

  public Sheet {
    tiles = List.copyOf(tiles);
  }

  /** One picture and what stands below it. */
  public record Tile(BufferedImage picture, String label) {}

  /** The whole sheet. */
  public BufferedImage draw() {
    return Fonts.draw(this::drawn);
  }

  private BufferedImage drawn() {
    var first = tiles.getFirst().picture();
    int rows = Math.ceilDiv(tiles.size(), columns);
    int grid = columns * (first.getWidth() + GAP) - GAP;
    int words = Math.max(Math.max(width(title, HEADING), width(remark, PLAIN)),
        BAR_WIDTH + 2 * GAP + width(unit, PLAIN) + width(number(scale.low()) + number(scale.high()), PLAIN));
    int width = Math.max(Math.max(grid, words), width(Disclaimer.TEXT, PLAIN)) + 2 * MARGIN;
    int height = 2 * MARGIN + 2 * LINE + GAP + rows * (first.getHeight() + LINE + GAP) + 2 * LINE + GAP;
    var sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = sheet.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, width, height);
    int y = MARGIN + HEADING.getSize();
    write(pen, HEADING, title, MARGIN, y);
    write(pen, PLAIN, remark, MARGIN, y + LINE);
    int top = MARGIN + 2 * LINE + GAP;
    for (int i = 0; i < tiles.size(); i++) {
      int left = MARGIN + i % columns * (first.getWidth() + GAP);
      int above = top + i / columns * (first.getHeight() + LINE + GAP);
      pen.drawImage(tiles.get(i).picture(), left, above, null);
      write(pen, PLAIN, tiles.get(i).label(), left, above + first.getHeight() + PLAIN.getSize() + 3);
    }
    int below = top + rows * (first.getHeight() + LINE + GAP);
    legend(pen, MARGIN, below);
    write(pen, PLAIN, Disclaimer.TEXT, MARGIN, height - MARGIN);
    pen.dispose();
    return sheet;
  }

  private void legend(Graphics2D pen, int left, int top) {
    var low = number(scale.low());
    int bar = left + width(low, PLAIN) + 8;
    write(pen, PLAIN, low, left, top + BAR_HEIGHT - 1);
    for (int x = 0; x < BAR_WIDTH; x++) {
      double value = scale.low() + (scale.high() - scale.low()) * x / (BAR_WIDTH - 1);
      pen.setColor(new Color(scale.rgb(value)));
      pen.fillRect(bar + x, top, 1, BAR_HEIGHT);
    }
    pen.setColor(Palette.AXIS);
    pen.drawRect(bar, top, BAR_WIDTH, BAR_HEIGHT);
    write(pen, PLAIN, number(scale.high()) + "   " + unit, bar + BAR_WIDTH + 8, top + BAR_HEIGHT - 1);
  }

  private static void write(Graphics2D pen, Font font, String text, int x, int y) {
    pen.setFont(font);
    pen.setColor(Palette.INK);
    pen.drawString(text, x, y);
  }

  private static int width(String text, Font font) {
    return (int) Math.ceil(font.getStringBounds(text, new FontRenderContext(null, true, true)).getWidth());
  }

  private static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.3g", value);
  }
}
