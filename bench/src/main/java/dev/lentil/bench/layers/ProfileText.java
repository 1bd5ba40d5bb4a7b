package dev.lentil.bench.layers;

import dev.lentil.bench.layers.LayerProfile.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A {@link LayerProfile} for people and for programs. */
public final class ProfileText {
  private ProfileText() {}

  /** A line for each step, then the sums. */
  public static String text(LayerProfile profile) {
    List<Row> rows = profile.rows();
    int width = rows.stream().mapToInt(row -> row.layers().length()).max().orElse(0);
    var text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%-" + width + "s %8s %9s %8s %5s %8s %6s %6s %9s %6s%n", "layers", "MMAC",
        "us", "GFLOP/s", "peak", "KB", "GB/s", "copy", "roofline", "times"));
    for (Row row : rows) {
      text.append(
          String.format(Locale.ROOT, "%-" + width + "s %8.2f %9.1f %8.1f %4.0f%% %8.0f %6.1f %6.1f %9.1f %6s%n",
              row.layers(), row.millionMultiplyAdds(), row.micros(), row.gigaflops(),
              100 * row.gigaflops() / profile.peakGigaflops(), row.kilobytes(), row.gigabytes(), row.copyGigabytes(),
              row.rooflineMicros(), times(row)));
    }
    double sum = rows.stream().mapToDouble(Row::micros).sum();
    double least = rows.stream().mapToDouble(Row::rooflineMicros).sum();
    double operations = 2e6 * rows.stream().mapToDouble(Row::millionMultiplyAdds).sum();
    text.append(String.format(Locale.ROOT, """

        Batch %d, threads %d. Sum of the steps %.2f ms, the whole plan %.2f ms: %.1f of %.1f GFLOP/s, %.0f%% of the peak.
        Roofline %.2f ms: no step faster than its arithmetic at the peak, or than copying as many bytes.
        """, profile.batch(), profile.threads(), sum / 1e3, profile.wholeMicros() / 1e3,
        operations / (profile.wholeMicros() * 1e3), profile.peakGigaflops(),
        100 * operations / (profile.wholeMicros() * 1e3) / profile.peakGigaflops(), least / 1e3));
    return text.toString();
  }

  /** Nothing where nothing that is counted is done. */
  private static String times(Row row) {
    return row.rooflineMicros() == 0
        ? "-"
        : String.format(Locale.ROOT, "%.1f", row.micros() / row.rooflineMicros());
  }

  /** The same as JSON. */
  public static Map<String, Object> document(LayerProfile profile) {
    var document = new LinkedHashMap<String, Object>();
    document.put("batch", profile.batch());
    document.put("threads", profile.threads());
    document.put("whole_us", profile.wholeMicros());
    document.put("peak_gflops", profile.peakGigaflops());
    document.put("steps", profile.rows().stream().map(ProfileText::entry).toList());
    return document;
  }

  private static Map<String, Object> entry(Row row) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("layers", row.layers());
    entry.put("step", row.step());
    entry.put("million_macs", row.millionMultiplyAdds());
    entry.put("us", row.micros());
    entry.put("gflops", row.gigaflops());
    entry.put("kb", row.kilobytes());
    entry.put("gb_per_s", row.gigabytes());
    entry.put("copy_gb_per_s", row.copyGigabytes());
    entry.put("roofline_us", row.rooflineMicros());
    return entry;
  }
}
