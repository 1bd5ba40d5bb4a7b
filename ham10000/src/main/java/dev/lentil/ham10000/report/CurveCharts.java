package dev.lentil.ham10000.report;

import dev.lentil.ham10000.evaluate.Calibration;
import dev.lentil.metrics.DecisionCurve;
import dev.lentil.metrics.PrecisionRecallCurve;
import dev.lentil.metrics.Reliability;
import java.util.function.ToDoubleFunction;
import org.jfree.chart.JFreeChart;
import org.jfree.data.xy.XYSeries;

/** What the probabilities are worth: precision against recall, calibration, net benefit. */
final class CurveCharts {
  /** How far the decision curve's axis goes below nothing: harm is seen, and does not fill the chart. */
  private static final double HARM = -0.25;

  private CurveCharts() {}

  /** Figure 7: precision against recall, and the precision of calling everything malignant. */
  static JFreeChart precisionRecall(PrecisionRecallCurve curve, double prevalence) {
    var line = new XYSeries("This run", false);
    curve.points().forEach(point -> line.add(point.recall(), point.precision()));
    return LineChart.of("Recall (sensitivity)", "Precision").range(0, 1)
        .line(line, Palette.DARK, LineChart.SOLID_BOLD)
        .line(level("All called malignant", prevalence), Palette.AXIS, LineChart.DASHED).build();
  }

  /** Figure 9: what was said against what came true, in ten bins of as many images each. */
  static JFreeChart reliability(Calibration calibration) {
    var chart = LineChart.of("Mean probability given", "Share that is malignant").range(0, 1)
        .diagonal("Ideal", LineChart.DASHED)
        .dottedLine(bins("Uncalibrated", calibration.asGiven().equalMass()), Palette.DARK, LineChart.SOLID);
    calibration.plattScaled().ifPresent(scaled -> chart.dottedLine(
        bins("Recalibrated on validation", scaled.equalMass()), Palette.WARM, LineChart.SOLID));
    return chart.build();
  }

  static XYSeries bins(String name, Reliability reliability) {
    var series = new XYSeries(name, false);
    reliability.bins().forEach(bin -> series.add(bin.meanProbability(), bin.frequency()));
    return series;
  }

  /** Figure 10: net benefit over the threshold, beside treating all and none. */
  static JFreeChart decision(DecisionCurve given, DecisionCurve calibrated, double prevalence) {
    return LineChart.of("Threshold probability", "Net benefit").range(0, 1)
        .rangeAxis(HARM * prevalence, 1.1 * prevalence)
        .line(series("Treat all", given, DecisionCurve.Point::treatAll, prevalence), Palette.AXIS, LineChart.DASHED)
        .line(level("Treat none", 0), Palette.INK, LineChart.DOTTED)
        .line(series("By the model, as given", given, DecisionCurve.Point::netBenefit, prevalence), Palette.DARK,
            LineChart.SOLID_BOLD)
        .line(series("Recalibrated", calibrated, DecisionCurve.Point::netBenefit, prevalence), Palette.WARM,
            LineChart.DASH_DOT)
        .build();
  }

  private static XYSeries series(String name, DecisionCurve curve, ToDoubleFunction<DecisionCurve.Point> value,
      double prevalence) {
    var series = new XYSeries(name);
    for (var point : curve.points()) {
      double benefit = value.applyAsDouble(point);
      // a gap, where the line would leave the chart
      series.add(point.threshold(), benefit < HARM * prevalence ? Double.NaN : benefit);
    }
    return series;
  }

  private static XYSeries level(String name, double height) {
    var series = new XYSeries(name);
    series.add(0, height);
    series.add(1, height);
    return series;
  }
}
