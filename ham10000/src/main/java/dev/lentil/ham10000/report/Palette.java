package dev.lentil.ham10000.report;

import java.awt.Color;

/**
 * The report's colours. The two that stand beside each other differ in lightness as well as hue, so that a greyscale
 * print tells them apart; charts also tell them apart by dashes or position.
 */
public final class Palette {
  public static final Color INK = new Color(0x26323D);
  public static final Color GRID = new Color(0xDDE3E8);
  public static final Color AXIS = new Color(0x8A97A3);
  public static final Color DARK = new Color(0x17466E);
  public static final Color WARM = new Color(0xD9772B);
  public static final Color PALE = new Color(0x9FBAD1);
  public static final Color GREEN = new Color(0x4F8A5B);
  public static final Color PURPLE = new Color(0x8E6BA8);

  private Palette() {}
}
