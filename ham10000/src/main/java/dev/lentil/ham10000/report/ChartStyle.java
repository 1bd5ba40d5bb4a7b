package dev.lentil.ham10000.report;

import java.awt.Color;
import java.awt.Font;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.RectangleInsets;

/** The one look that all charts have: white, thin grid, large enough type to be read on a phone. */
final class ChartStyle {
  static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  /** For numbers that stand close together. */
  static final Font SMALL = FONT.deriveFont(11f);

  private static final RectangleInsets SPACED = new RectangleInsets(5, 4, 5, 4);
  private static final RectangleInsets PADDING = new RectangleInsets(8, 4, 4, 14);

  private ChartStyle() {}

  /** The chart of this plot, without title: the page has a caption. */
  static JFreeChart apply(Plot plot) {
    var chart = new JFreeChart(null, FONT, plot, true);
    chart.setBackgroundPaint(Color.WHITE);
    chart.setPadding(PADDING);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    switch (plot) {
      case XYPlot xy -> {
        xy.setDomainGridlinePaint(Palette.GRID);
        xy.setRangeGridlinePaint(Palette.GRID);
        xy.setAxisOffset(RectangleInsets.ZERO_INSETS);
        axis(xy.getDomainAxis());
        axis(xy.getRangeAxis());
      }
      case CategoryPlot category -> {
        category.setRangeGridlinePaint(Palette.GRID);
        category.setAxisOffset(RectangleInsets.ZERO_INSETS);
        axis(category.getDomainAxis());
        axis(category.getRangeAxis());
      }
      default -> throw new IllegalArgumentException("no style for " + plot.getPlotType());
    }
    var legend = chart.getLegend();
    legend.setItemFont(FONT);
    legend.setItemPaint(Palette.INK);
    legend.setItemLabelPadding(new RectangleInsets(2, 3, 2, 14));
    legend.setFrame(BlockBorder.NONE);
    legend.setBackgroundPaint(Color.WHITE);
    return chart;
  }

  /** The same decimal point everywhere, whatever the machine's language. */
  static DecimalFormat decimals(String pattern) {
    return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
  }

  private static void axis(Axis axis) {
    // the height of a label with its insets decides how many there are
    axis.setTickLabelInsets(axis instanceof ValueAxis ? SPACED : axis.getTickLabelInsets());
    axis.setLabelFont(FONT);
    axis.setTickLabelFont(FONT);
    axis.setLabelPaint(Palette.INK);
    axis.setTickLabelPaint(Palette.INK);
    axis.setAxisLinePaint(Palette.AXIS);
    axis.setTickMarkPaint(Palette.AXIS);
  }
}
