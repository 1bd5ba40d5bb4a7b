package dev.lentil.ham10000.report;

import dev.lentil.ham10000.report.ReportInput.MethodStep;
import dev.lentil.ham10000.report.ReportInput.ModelRow;
import java.util.List;
import java.util.Locale;

/** Figures 1 to 3: how the work was done. */
final class MethodFigures {
  private MethodFigures() {}

  /** Figure 1: boxes joined by arrows, in as many rows as the page needs. */
  static String stages(List<MethodStep> steps) {
    return "<ol class=\"stages\">\n" + Html.lines(steps, step -> "<li><strong>" + Html.escape(step.title())
        + "</strong><span>" + Html.escape(step.detail()) + "</span></li>") + "\n</ol>";
  }

  /** Figure 2: a row of benign and a row of malignant images. */
  static String samples(List<SampleImage> samples) {
    return sampleRow("Benign", samples.stream().filter(sample -> !sample.malignant()).toList())
        + sampleRow("Malignant", samples.stream().filter(SampleImage::malignant).toList());
  }

  private static String sampleRow(String title, List<SampleImage> samples) {
    return """
        <h3>%s</h3>
        <div class="samples">
        %s
        </div>
        """.formatted(Html.escape(title), Html.lines(samples, sample -> {
      var caption = Html.escape(sample.caption());
      return "<div><img src=\"" + Html.escape(sample.dataUri()) + "\" alt=\"" + Html.escape(title) + ": " + caption
          + "\" /><span>" + caption + "</span></div>";
    }));
  }

  /** Figure 3: one bar per block, long as its share of the largest block's parameters, faint where it is frozen. */
  static String model(List<ModelRow> blocks) {
    double largest = Math.max(1, blocks.stream().mapToLong(ModelRow::parameters).max().orElse(1));
    long total = blocks.stream().mapToLong(ModelRow::parameters).sum();
    return """
        <ol class="model">
        %s
        </ol>
        <p class="total">%s parameters. Each row shows the layer or block, its output, its number of parameters as number and bar, and the stage that trains it. Strong bars: trained in this run; faint bars: frozen.</p>\
        """.formatted(Html.lines(blocks, block -> block(block, 100 * block.parameters() / largest)), thousands(total));
  }

  private static String block(ModelRow block, double percent) {
    return """
        <li><span class="block">%s</span><span class="kind">%s</span><span class="shape">%s</span>\
        <span class="count">%s</span><span class="bar%s"><i style="width: %s%%"></i></span>\
        <span class="trained">%s</span></li>""".formatted(Html.escape(block.name()), Html.escape(block.kind()),
        Html.escape(block.output()), thousands(block.parameters()),
        block.training().equals(ModelRow.FROZEN) ? " frozen" : "",
        Html.number(percent, 1), Html.escape(block.parameters() == 0 ? "" : block.training()));
  }

  private static String thousands(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
