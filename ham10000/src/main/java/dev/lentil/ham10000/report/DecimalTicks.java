package dev.lentil.ham10000.report;

import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.axis.TickUnit;

/** The tick units that JFreeChart takes by itself, of 1, 2 and 5 times a power of ten, but in no machine's language. */
final class DecimalTicks extends NumberTickUnitSource {
  private static final long serialVersionUID = 1;

  @Override
  public TickUnit getLargerTickUnit(TickUnit unit) {
    return decimal(super.getLargerTickUnit(unit));
  }

  @Override
  public TickUnit getCeilingTickUnit(double size) {
    return decimal(super.getCeilingTickUnit(size));
  }

  /** As many decimals as the unit has. */
  private static TickUnit decimal(TickUnit unit) {
    // the tiny amount keeps a power of ten from being taken for less
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(unit.getSize()) + 1e-9));
    return new NumberTickUnit(unit.getSize(),
        ChartStyle.decimals(decimals == 0 ? "#,##0" : "0." + "0".repeat(decimals)), unit.getMinorTickCount());
  }
}
