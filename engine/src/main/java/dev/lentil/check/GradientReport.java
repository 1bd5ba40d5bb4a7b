package dev.lentil.check;

import java.util.List;
import java.util.Locale;

/**
 * What a {@link GradientChecker} found, one line per trained parameter.
 *
 * @param tolerance the largest error that counts as equal
 */
public record GradientReport(List<Line> lines, double tolerance) {

  /**
   * One parameter tensor.
   *
   * @param checked elements compared
   * @param skipped elements whose difference quotient straddles a kink of a ReLU6, where there is no derivative
   * @param worst the largest error of a compared element; 0 if there is none. See {@link GradientChecker}
   */
  public record Line(String layer, String parameter, int checked, int skipped, double worst) {}

  public GradientReport {
    lines = List.copyOf(lines);
  }

  /** Whether at least one element was compared and none is further off than the tolerance. */
  public boolean passed() {
    return checked() > 0 && worst() <= tolerance;
  }

  public int checked() {
    return lines.stream().mapToInt(Line::checked).sum();
  }

  public int skipped() {
    return lines.stream().mapToInt(Line::skipped).sum();
  }

  public double worst() {
    return lines.stream().mapToDouble(Line::worst).max().orElse(0);
  }

  private String verdict(Line line) {
    return line.checked() == 0 ? "not checked" : line.worst() <= tolerance ? "OK" : "FAIL";
  }

  /** A table for people, with a summary as its last line. */
  @Override
  public String toString() {
    int width = lines.stream().mapToInt(line -> line.parameter().length()).max().orElse(0);
    width = Math.max(width, "parameter".length());
    var text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%-" + width + "s  checked  skipped  worst error%n", "parameter"));
    for (Line line : lines) {
      text.append(String.format(Locale.ROOT, "%-" + width + "s  %7d  %7d  %11.2e  %s%n",
          line.parameter(), line.checked(), line.skipped(), line.worst(), verdict(line)));
    }
    text.append(String.format(Locale.ROOT,
        "%s: %d elements checked, %d skipped at kinks of ReLU6, worst error %.2e, allowed %.0e",
        passed() ? "OK" : "FAIL", checked(), skipped(), worst(), tolerance));
    return text.toString();
  }
}
