package dev.lentil.ham10000.report;

import dev.lentil.ham10000.report.ReportInput.EpochRow;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jfree.chart.JFreeChart;
import org.jfree.data.xy.XYSeries;

/** Loss, accuracy and AUC of training and validation, epoch by epoch over both stages. */
final class TrainingCharts {
  private TrainingCharts() {}

  static JFreeChart loss(List<EpochRow> epochs) {
    return chart(epochs, "Loss", EpochRow::loss, EpochRow::valLoss);
  }

  static JFreeChart accuracy(List<EpochRow> epochs) {
    return chart(epochs, "Accuracy", EpochRow::accuracy, EpochRow::valAccuracy);
  }

  static JFreeChart auc(List<EpochRow> epochs) {
    return chart(epochs, "AUC", EpochRow::auc, EpochRow::valAuc);
  }

  private static JFreeChart chart(
      List<EpochRow> epochs, String name, ToDoubleFunction<EpochRow> training, ToDoubleFunction<EpochRow> validation) {
    var chart = LineChart.of("Epoch", name).wholeNumbers();
    chart.dottedLine(series("Training", epochs, training), Palette.DARK, LineChart.SOLID);
    chart.dottedLine(series("Validation", epochs, validation), Palette.WARM, LineChart.DASHED);
    for (int i = 1; i < epochs.size(); i++) {
      if (epochs.get(i).stage() != epochs.get(i - 1).stage()) {
        // between the last epoch of one stage and the first of the next
        chart.marker(i + 0.5, "stage " + epochs.get(i).stage());
      }
    }
    return chart.build();
  }

  private static XYSeries series(String name, List<EpochRow> epochs, ToDoubleFunction<EpochRow> value) {
    var series = new XYSeries(name);
    for (int i = 0; i < epochs.size(); i++) {
      double y = value.applyAsDouble(epochs.get(i));
      if (Double.isFinite(y)) {
        series.add(i + 1, y);
      }
    }
    return series;
  }
}
