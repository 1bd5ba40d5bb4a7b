package dev.lentil.ham10000.report;

import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.ScoreHistogram;
import dev.lentil.ham10000.evaluate.ThresholdSweep;
import dev.lentil.ham10000.report.ReportInput.PublishedResult;
import dev.lentil.metrics.ConfusionMatrix;
import dev.lentil.metrics.RocCurve;
import java.awt.Color;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYSeries;

/** The report's charts of results. */
final class Charts {
  private static final double PERCENT = 100;

  private Charts() {}

  /** Figure 4: accuracy, precision, recall, specificity and F1 over the threshold, with the chosen one marked. */
  static JFreeChart thresholds(ThresholdSweep sweep, double chosen) {
    var chart = LineChart.of("Threshold", "Value").range(0, 1).headroom();
    chart.line(series("Accuracy", sweep, ThresholdSweep.Point::accuracy), Palette.INK, LineChart.SOLID_BOLD);
    chart.line(series("Recall", sweep, ThresholdSweep.Point::recall), Palette.WARM, LineChart.SOLID);
    chart.line(series("Precision", sweep, ThresholdSweep.Point::precision), Palette.DARK, LineChart.DASHED);
    chart.line(series("Specificity", sweep, ThresholdSweep.Point::specificity), Palette.GREEN, LineChart.DOTTED);
    chart.line(series("F1", sweep, ThresholdSweep.Point::f1), Palette.PURPLE, LineChart.DASH_DOT);
    chart.marker(chosen, Html.number(chosen, 2));
    return chart.build();
  }

  private static XYSeries series(String name, ThresholdSweep sweep, ToDoubleFunction<ThresholdSweep.Point> value) {
    var series = new XYSeries(name);
    for (var point : sweep.points()) {
      // precision of nothing is not zero but undefined
      boolean undefined = name.equals("Precision") && point.matrix().predicted(1) == 0;
      if (!undefined) {
        series.add(point.threshold(), value.applyAsDouble(point));
      }
    }
    return series;
  }

  /** Figure 6: the ROC curve, chance, the operating points, and the one of a published result. */
  static JFreeChart roc(RocCurve roc, List<Evaluation.OperatingPoint> points, Optional<PublishedResult> published) {
    var chart = LineChart.of("False positive rate (1 - specificity)", "True positive rate (sensitivity)").range(0, 1);
    // not sorted by x: a ROC curve goes straight up
    var curve = new XYSeries("This run", false);
    roc.points().forEach(p -> curve.add(p.falsePositiveRate(), p.truePositiveRate()));
    var chosen = new XYSeries("Operating points", false);
    points.forEach(p -> chosen.add(1 - p.matrix().specificity(), p.matrix().sensitivity()));
    chart.line(curve, Palette.DARK, LineChart.SOLID_BOLD);
    chart.diagonal("Chance", LineChart.DASHED);
    chart.dots(chosen, Palette.WARM);
    published.ifPresent(result -> {
      var point = new XYSeries(result.name());
      point.add(1 - result.matrix().specificity(), result.matrix().sensitivity());
      chart.dots(point, Palette.PURPLE);
    });
    return chart.build();
  }

  /** Figure 8: the probabilities of the two classes, as shares of each class, since the classes differ in size. */
  static JFreeChart histogram(ScoreHistogram histogram, double threshold) {
    var chart = LineChart.of("Probability of malignancy", "Share of the class (%)");
    chart.bars("Benign", shares(histogram.benign()), Palette.PALE);
    chart.bars("Malignant", shares(histogram.malignant()), Palette.DARK);
    chart.marker(threshold, Html.number(threshold, 2));
    return chart.build();
  }

  private static double[] shares(List<Integer> counts) {
    double total = Math.max(1, counts.stream().mapToInt(Integer::intValue).sum());
    return counts.stream().mapToDouble(count -> PERCENT * count / total).toArray();
  }

  /** Figure 5: macro and weighted averages of precision, recall and F1, and those of a published result. */
  static JFreeChart averages(ConfusionMatrix matrix, Optional<PublishedResult> published) {
    var data = new DefaultCategoryDataset();
    add(data, "Macro average", matrix.macro());
    published.ifPresent(result -> add(data, "Macro, paper", result.matrix().macro()));
    add(data, "Weighted average", matrix.weighted());
    published.ifPresent(result -> add(data, "Weighted, paper", result.matrix().weighted()));
    // four numbers beside each other have room for two digits each
    return published.isPresent()
        ? bars(data, "0.00", Palette.PALE, Palette.GRID, Palette.DARK, Palette.AXIS)
        : bars(data, "0.0000", Palette.PALE, Palette.DARK);
  }

  private static void add(DefaultCategoryDataset data, String name, ConfusionMatrix.Averages averages) {
    data.addValue(averages.precision(), name, "Precision");
    data.addValue(averages.recall(), name, "Recall");
    data.addValue(averages.f1(), name, "F1");
  }

  private static JFreeChart bars(DefaultCategoryDataset data, String digits, Color... colours) {
    var renderer = new BarRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setItemMargin(0.06);
    renderer.setDefaultItemLabelGenerator(
        new StandardCategoryItemLabelGenerator("{2}", ChartStyle.decimals(digits)));
    renderer.setDefaultItemLabelsVisible(true);
    renderer.setDefaultItemLabelFont(colours.length > 2 ? ChartStyle.SMALL : ChartStyle.FONT);
    renderer.setDefaultItemLabelPaint(Palette.INK);
    for (int i = 0; i < colours.length; i++) {
      renderer.setSeriesPaint(i, colours[i]);
    }
    var values = new NumberAxis();
    values.setRange(0, 1.05);
    values.setTickUnit(new NumberTickUnit(0.2, ChartStyle.decimals("0.0")));
    var plot = new CategoryPlot(data, new CategoryAxis(), values, renderer);
    return ChartStyle.apply(plot);
  }
}
