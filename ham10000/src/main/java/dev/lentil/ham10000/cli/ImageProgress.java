package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.data.ImageCacheWriter;
import dev.lentil.train.ProgressPrinter.Style;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** How far work on many images is: one line drawn again and again on a terminal, a line now and then elsewhere. */
final class ImageProgress implements ImageCacheWriter.Progress {
  private final PrintWriter out;
  private final Style style;
  private final String what;
  private final long started = System.nanoTime();
  private long lastShown = started;

  ImageProgress(PrintWriter out, Style style, String what) {
    this.out = out;
    this.style = style;
    this.what = what;
  }

  @Override
  public void images(int done, int total) {
    long now = System.nanoTime();
    var interval = style == Style.TERMINAL ? Duration.ofMillis(200) : Duration.ofSeconds(10);
    boolean last = done == total;
    if (!last && now - lastShown < interval.toNanos()) {
      return;
    }
    lastShown = now;
    double perSecond = done / Math.max(1e-3, (now - started) / 1e9);
    var text = String.format(Locale.ROOT, "%s %d/%d images  %.0f images/s  ETA %d s ", what, done, total, perSecond,
        Math.round((total - done) / perSecond));
    if (style == Style.TERMINAL) {
      out.print("\r" + text + (last ? "\n" : ""));
    } else {
      out.println(text.stripTrailing());
    }
    out.flush();
  }

  @Override
  public void waiting(String line) {
    out.println(line);
    out.flush();
  }
}
