package dev.lentil.ham10000.report;

import java.awt.Color;

/**
 * The report's colours. The two that stand beside each other differ in lightness as well as hue, so that a greyscale
 * print tells them apart; charts also tell them apart by dashes or position.
 */
final class Palette {
  static final Color INK = new Color(0x26323D);
  static final Color GRID = new Color(0xDDE3E8);
  static final Color AXIS = new Color(0x8A97A3);
  static final Color DARK = new Color(0x17466E);
  static final Color WARM = new Color(0xD9772B);
  static final Color PALE = new Color(0x9FBAD1);
  static final Color GREEN = new Color(0x4F8A5B);
  static final Color PURPLE = new Color(0x8E6BA8);

  private Palette() {}
}
