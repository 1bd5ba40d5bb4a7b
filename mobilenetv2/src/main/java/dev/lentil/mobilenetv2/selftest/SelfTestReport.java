package dev.lentil.mobilenetv2.selftest;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** How far a backend is from one file: one line per group of tensors. */
public record SelfTestReport(Path file, String backend, List<Line> lines) {

  /**
   * A group of tensors.
   *
   * @param tensors how many were compared
   * @param worst the largest error; infinite where something was not a number
   * @param where the tensor with that error
   * @param limit the largest error that passes; empty where it is shown only
   */
  public record Line(String group, int tensors, double worst, String where, OptionalDouble limit) {
    public boolean passed() {
      return limit.isEmpty() || worst <= limit.getAsDouble();
    }

    /** {@code OK}, {@code FAIL}, or {@code -} where nothing is judged. */
    public String verdict() {
      return limit.isEmpty() ? "-" : passed() ? "OK" : "FAIL";
    }
  }

  public SelfTestReport {
    lines = List.copyOf(lines);
  }

  /** Whether something was judged, and nothing is above its limit. */
  public boolean passed() {
    return lines.stream().anyMatch(line -> line.limit().isPresent()) && lines.stream().allMatch(Line::passed);
  }

  /** A table for people, with a summary as its last line. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%s on %s%n", file.getFileName(), backend));
    text.append(String.format(Locale.ROOT, "  %-68s %7s  %11s  %7s%n", "group", "tensors", "worst error", "limit"));
    for (Line line : lines) {
      String limit = line.limit().isPresent() ? String.format(Locale.ROOT, "%.0e", line.limit().getAsDouble()) : "-";
      text.append(String.format(Locale.ROOT, "  %-68s %7d  %11.2e  %7s  %-4s  %s",
          line.group(), line.tensors(), line.worst(), limit, line.verdict(), line.where()).stripTrailing())
          .append(System.lineSeparator());
    }
    long judged = lines.stream().filter(line -> line.limit().isPresent()).count();
    long failed = lines.stream().filter(line -> !line.passed()).count();
    text.append(failed == 0 && passed()
        ? "OK: all " + judged + " groups within their limits"
        : "FAIL: " + failed + " of " + judged + " groups above their limits");
    return text.toString();
  }
}
