package dev.lentil.bench.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one case gave.
 *
 * @param lentilMs median time in which Lentil gives each caller a batch, in milliseconds
 * @param peerMs that of the peer
 * @param batch images of all callers
 * @param gigaflops what Lentil achieved, 10^9 floating-point operations a second
 * @param peakGigaflops what vector multiply-adds without memory achieved on as many threads
 * @param error the worst difference between both programs' results, relative to the largest value
 */
public record Result(String name, double lentilMs, String peer, double peerMs, int batch, double gigaflops,
    double peakGigaflops, double error, int lentilRuns, int peerRuns) {

  /** Lentil's time in that of the peer: below 1 Lentil is faster. */
  public double ratio() {
    return lentilMs / peerMs;
  }

  public double shareOfPeak() {
    return gigaflops / peakGigaflops;
  }

  /** The entry of the JSON list. */
  public Map<String, Object> document() {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("name", name);
    entry.put("lentil_ms", lentilMs);
    entry.put("peer", peer);
    entry.put("peer_ms", peerMs);
    entry.put("ratio", ratio());
    entry.put("share_of_peak", shareOfPeak());
    entry.put("lentil_images_per_second", 1000 * batch / lentilMs);
    entry.put("peer_images_per_second", 1000 * batch / peerMs);
    entry.put("lentil_gflops", gigaflops);
    entry.put("peak_gflops", peakGigaflops);
    entry.put("batch", batch);
    entry.put("lentil_runs", lentilRuns);
    entry.put("peer_runs", peerRuns);
    entry.put("error", error);
    return entry;
  }

  /** Reads an entry back. */
  static Result of(Map<?, ?> entry) {
    return new Result((String) entry.get("name"), number(entry, "lentil_ms"), (String) entry.get("peer"),
        number(entry, "peer_ms"), (int) number(entry, "batch"), number(entry, "lentil_gflops"),
        number(entry, "peak_gflops"), number(entry, "error"), (int) number(entry, "lentil_runs"),
        (int) number(entry, "peer_runs"));
  }

  private static double number(Map<?, ?> entry, String key) {
    return ((Number) entry.get(key)).doubleValue();
  }

  /** The table for people. */
  public static String table(List<Result> results) {
    var table = new StringBuilder(String.format(Locale.ROOT, "%-14s %11s  %-12s %11s %7s %15s%n", "", "Lentil, ms",
        "peer", "its ms", "ratio", "share of peak"));
    for (Result result : results) {
      table.append(String.format(Locale.ROOT, "%-14s %11.2f  %-12s %11.2f %7.3f %14.0f%%%n", result.name,
          result.lentilMs, result.peer, result.peerMs, result.ratio(), 100 * result.shareOfPeak()));
    }
    return table.toString();
  }
}
