package dev.lentil.ham10000.report;

import dev.lentil.ham10000.evaluate.EvaluationText;
import dev.lentil.ham10000.report.ReportInput.PublishedResult;
import dev.lentil.metrics.Reliability;
import dev.lentil.metrics.RocCurve;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jfree.chart.JFreeChart;
import org.jfree.data.xy.XYSeries;

/** Charts of several models beside each other, as SVG. The text alternative of each says the values that it shows. */
public final class ResultsFigures {
  private static final List<Color> COLOURS =
      List.of(Palette.WARM, Palette.GREEN, Palette.DARK, Palette.PURPLE, Palette.PALE, Palette.INK);
  private static final List<BasicStroke> STROKES =
      List.of(LineChart.DASHED, LineChart.DASH_DOT, LineChart.SOLID_BOLD, LineChart.DOTTED, LineChart.SOLID,
          LineChart.SOLID);

  private ResultsFigures() {}

  /** The AUC of a run on validation and on test. */
  public record Seed(double validationAuc, double testAuc) {}

  /** ROC curves by name, chance, and the published operating point. */
  public static String roc(Map<String, RocCurve> curves, PublishedResult published) {
    var chart = LineChart.of("False positive rate (1 - specificity)", "True positive rate (sensitivity)").range(0, 1);
    var said = new StringJoiner("; ", "ROC curves on test. ", ".");
    chart.diagonal("Chance", LineChart.DOTTED);
    int i = 0;
    for (var curve : curves.entrySet()) {
      // not sorted by x: a ROC curve goes straight up
      var series = new XYSeries(curve.getKey(), false);
      corners(curve.getValue().points()).forEach(p -> series.add(p.falsePositiveRate(), p.truePositiveRate()));
      chart.line(series, COLOURS.get(i % COLOURS.size()), STROKES.get(i % STROKES.size()));
      said.add(curve.getKey() + ": area " + EvaluationText.fixed(curve.getValue().area()));
      i++;
    }
    var point = new XYSeries(published.name());
    point.add(1 - published.matrix().specificity(), published.matrix().sensitivity());
    chart.dots(point, Palette.INK);
    said.add(published.name() + ": sensitivity " + EvaluationText.fixed(published.matrix().sensitivity())
        + ", specificity " + EvaluationText.fixed(published.matrix().specificity()));
    return svg(chart.build(), said.toString(), Figures.SQUARE);
  }

  /** The points where a curve turns; those between lie on straight lines. */
  private static List<RocCurve.Point> corners(List<RocCurve.Point> points) {
    var corners = new ArrayList<RocCurve.Point>();
    for (int i = 0; i < points.size(); i++) {
      boolean straight = i > 0 && i < points.size() - 1 && (same(points, i, true) || same(points, i, false));
      if (!straight) {
        corners.add(points.get(i));
      }
    }
    return corners;
  }

  private static boolean same(List<RocCurve.Point> points, int i, boolean horizontal) {
    return coordinate(points.get(i - 1), horizontal) == coordinate(points.get(i), horizontal)
        && coordinate(points.get(i), horizontal) == coordinate(points.get(i + 1), horizontal);
  }

  private static double coordinate(RocCurve.Point point, boolean horizontal) {
    return horizontal ? point.truePositiveRate() : point.falsePositiveRate();
  }

  /** Every seed of each recipe. */
  public static String seeds(Map<String, List<Seed>> recipes) {
    var chart = LineChart.of("AUC on validation", "AUC on test");
    var said = new StringJoiner("; ", "AUC of every seed on validation and on test. ", ".");
    int i = 0;
    for (var recipe : recipes.entrySet()) {
      var series = new XYSeries(recipe.getKey());
      recipe.getValue().forEach(seed -> series.add(seed.validationAuc(), seed.testAuc()));
      chart.dots(series, COLOURS.get(i % COLOURS.size()));
      said.add(recipe.getKey() + ": " + String.join(", ", recipe.getValue().stream().map(
          seed -> EvaluationText.fixed(seed.validationAuc()) + " and " + EvaluationText.fixed(seed.testAuc()))
          .toList()));
      i++;
    }
    return svg(chart.build(), said.toString(), Figures.HEIGHT);
  }

  /** What was said against what came true. */
  public static String reliability(Map<String, Reliability> models) {
    var chart = LineChart.of("Mean probability given", "Share that is malignant").range(0, 1)
        .diagonal("Ideal", LineChart.DOTTED);
    var said = new StringJoiner("; ", "Reliability on test in bins of as many images each. ", ".");
    int i = 0;
    for (var model : models.entrySet()) {
      chart.dottedLine(CurveCharts.bins(model.getKey(), model.getValue()), COLOURS.get(i % COLOURS.size()),
          STROKES.get(i % STROKES.size()));
      said.add(model.getKey() + ": calibration error " + EvaluationText.fixed(model.getValue().expectedError()));
      i++;
    }
    return svg(chart.build(), said.toString(), Figures.SQUARE);
  }

  private static String svg(JFreeChart chart, String description, int height) {
    return SvgImage.alone(new SvgImage().of(chart, description, Figures.WIDTH, height)) + "\n";
  }
}
