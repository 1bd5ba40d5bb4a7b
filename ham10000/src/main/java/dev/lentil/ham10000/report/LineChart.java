package dev.lentil.ham10000.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.DefaultIntervalXYDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** A chart over a number: lines, dots or bars, and vertical markers. Built step by step, then drawn once. */
final class LineChart {
  static final BasicStroke SOLID = stroke(2f);
  static final BasicStroke SOLID_BOLD = stroke(2.8f);
  static final BasicStroke DASHED = stroke(2f, 7, 4);
  static final BasicStroke DOTTED = stroke(2f, 2, 3);
  static final BasicStroke DASH_DOT = stroke(2f, 9, 3, 2, 3);

  private static final Color TRANSPARENT = new Color(0xFF, 0xFF, 0xFF, 0);
  private static final Shape DOT = new Ellipse2D.Double(-4, -4, 8, 8);
  private static final Shape SMALL_DOT = new Ellipse2D.Double(-2.5, -2.5, 5, 5);

  private final XYPlot plot = new XYPlot();

  private LineChart(String x, String y) {
    // what is added later lies on top
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    var domain = new NumberAxis(x);
    var range = new NumberAxis(y);
    domain.setAutoRangeIncludesZero(false);
    range.setAutoRangeIncludesZero(false);
    domain.setStandardTickUnits(new DecimalTicks());
    range.setStandardTickUnits(new DecimalTicks());
    plot.setDomainAxis(domain);
    plot.setRangeAxis(range);
  }

  static LineChart of(String x, String y) {
    return new LineChart(x, y);
  }

  /** Both axes from {@code low} to {@code high}, a label every fifth of it. */
  LineChart range(double low, double high) {
    for (var axis : new NumberAxis[] {(NumberAxis) plot.getDomainAxis(), (NumberAxis) plot.getRangeAxis()}) {
      axis.setRange(low, high);
      axis.setTickUnit(new NumberTickUnit((high - low) / 5, ChartStyle.decimals("0.0")));
    }
    return this;
  }

  /** The vertical axis from {@code low} to {@code high}, labelled as it falls. */
  LineChart rangeAxis(double low, double high) {
    var axis = (NumberAxis) plot.getRangeAxis();
    axis.setAutoTickUnitSelection(true, false);
    axis.setRange(low, high);
    return this;
  }

  /** Room above the data for the label of a marker. */
  LineChart headroom() {
    var axis = plot.getRangeAxis();
    axis.setUpperBound(axis.getUpperBound() + 0.1 * axis.getRange().getLength());
    return this;
  }

  /** Whole numbers on the horizontal axis. */
  LineChart wholeNumbers() {
    plot.getDomainAxis().setStandardTickUnits(NumberAxis.createIntegerTickUnits(Locale.ROOT));
    return this;
  }

  LineChart line(XYSeries series, Color colour, BasicStroke stroke) {
    var renderer = new XYLineAndShapeRenderer(true, false);
    renderer.setSeriesPaint(0, colour);
    renderer.setSeriesStroke(0, stroke);
    // else the dashes start anew at every point
    renderer.setDrawSeriesLineAsPath(true);
    return add(series, renderer);
  }

  /** The line on which both axes are equal. */
  LineChart diagonal(String name, BasicStroke stroke) {
    var series = new XYSeries(name);
    series.add(0, 0);
    series.add(1, 1);
    return line(series, Palette.AXIS, stroke);
  }

  /** A line with a dot at each value, for few of them. */
  LineChart dottedLine(XYSeries series, Color colour, BasicStroke stroke) {
    var renderer = new XYLineAndShapeRenderer(true, true);
    renderer.setSeriesPaint(0, colour);
    renderer.setSeriesStroke(0, stroke);
    renderer.setSeriesShape(0, SMALL_DOT);
    return add(series, renderer);
  }

  LineChart dots(XYSeries series, Color colour) {
    var renderer = new XYLineAndShapeRenderer(false, true);
    renderer.setSeriesPaint(0, colour);
    renderer.setSeriesShape(0, DOT);
    return add(series, renderer);
  }

  /** Bars over equal bins of 0 to 1; each further call stands to the right of the one before, two at most. */
  LineChart bars(String name, double[] heights, Color colour) {
    int n = heights.length;
    var values = new double[6][n];
    double width = 0.45 / n;
    double shift = plot.getDatasetCount() * width + 0.05 / n;
    for (int i = 0; i < n; i++) {
      double left = (double) i / n + shift;
      values[0][i] = left + width / 2;
      values[1][i] = left;
      values[2][i] = left + width;
      values[3][i] = heights[i];
      values[5][i] = heights[i];
    }
    var data = new DefaultIntervalXYDataset();
    data.addSeries(name, values);
    var renderer = new XYBarRenderer();
    renderer.setBarPainter(new StandardXYBarPainter());
    renderer.setShadowVisible(false);
    renderer.setSeriesPaint(0, colour);
    int index = plot.getDatasetCount();
    plot.setDataset(index, data);
    plot.setRenderer(index, renderer);
    range(plot.getDomainAxis());
    return this;
  }

  private static void range(ValueAxis axis) {
    axis.setRange(0, 1);
    ((NumberAxis) axis).setTickUnit(new NumberTickUnit(0.2, ChartStyle.decimals("0.0")));
  }

  /** A vertical dashed line with a label at its upper end. */
  LineChart marker(double x, String label) {
    var marker = new ValueMarker(x, Palette.INK, stroke(1.2f, 4, 3));
    marker.setLabel(label);
    marker.setLabelFont(ChartStyle.FONT);
    marker.setLabelPaint(Palette.INK);
    // the default is grey
    marker.setLabelBackgroundColor(TRANSPARENT);
    boolean right = x <= plot.getDomainAxis().getRange().getCentralValue();
    marker.setLabelAnchor(right ? RectangleAnchor.TOP_RIGHT : RectangleAnchor.TOP_LEFT);
    marker.setLabelTextAnchor(right ? TextAnchor.TOP_LEFT : TextAnchor.TOP_RIGHT);
    plot.addDomainMarker(marker);
    return this;
  }

  JFreeChart build() {
    return ChartStyle.apply(plot);
  }

  private LineChart add(XYSeries series, XYLineAndShapeRenderer renderer) {
    int index = plot.getDatasetCount();
    plot.setDataset(index, new XYSeriesCollection(series));
    plot.setRenderer(index, renderer);
    return this;
  }

  private static BasicStroke stroke(float width, float... dashes) {
    return dashes.length == 0
        ? new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
        : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0);
  }
}
