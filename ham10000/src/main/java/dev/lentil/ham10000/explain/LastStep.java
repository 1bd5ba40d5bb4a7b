package dev.lentil.ham10000.explain;

import dev.lentil.ham10000.report.Html;
import dev.lentil.mobilenetv2.Answer;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The end of a {@link PathPage}: how the logits become the probability that the page begins with.
 *
 * @param names of the classes
 * @param probability of the answer, as the page's beginning has it
 */
public record LastStep(Answer answer, double[] logits, IntFunction<String> names, String probability) {
  String html(int number) {
    boolean single = logits.length == 1;
    return """
        <article class="stage">
        <h3><span>%s.</span> %s</h3>
        <p class="what">%s</p>
        <div class="sum whole">
        %s
        </div>
        </article>
        """.formatted(number, single ? "sigmoid" : "softmax", single
        ? "Sigmoid: the logit as a probability; 1 value."
        : "Softmax: e to the power of each class's logit, over the sum of all of them; " + logits.length
            + " values. The largest logit is taken from all before, which changes no share.",
        single ? sigmoid() : softmax());
  }

  private String sigmoid() {
    boolean asItIs = answer.classes().contains(1);
    return PathPage.line("Sigmoid", "1 ÷ (1 + " + power(PathPage.number(asItIs ? -logits[0] : logits[0])) + ")",
        probability)
        + (asItIs
            ? ""
            : "\n<p class=\"note\">The logit is that of “" + Html.escape(names.apply(1))
                + "”; with the other sign it is that of “" + Html.escape(names.apply(0)) + "”.</p>");
  }

  private String softmax() {
    double largest = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElseThrow();
    double total = IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i] - largest)).sum();
    var shown = new LinkedHashSet<Integer>();
    IntStream.range(0, logits.length).boxed().sorted(Comparator.comparingDouble((Integer i) -> -logits[i]))
        .limit(PathPage.TERMS).forEach(shown::add);
    answer.classes().stream().sorted().forEach(shown::add);
    double rest = total - shown.stream().mapToDouble(i -> Math.exp(logits[i] - largest)).sum();
    int others = logits.length - shown.size();
    String rows = shown.stream().map(i -> PathPage.row(Html.escape(names.apply(i)),
        power(PathPage.number(logits[i]) + " − " + PathPage.operand(largest)), Math.exp(logits[i] - largest), 1,
        answer.classes().contains(i))).collect(Collectors.joining());
    double ours = answer.classes().stream().mapToDouble(i -> Math.exp(logits[i] - largest)).sum();
    return "<table class=\"terms\"><tbody>\n" + rows
        + (others > 0 ? PathPage.row(others + (others == 1 ? " other" : " others"), "", rest, 1, false) : "")
        + PathPage.total(total) + "</tbody></table>"
        + PathPage.line(answer.classes().size() == 1 ? "Share of the marked one" : "Share of the marked ones together",
            PathPage.number(ours) + " ÷ " + PathPage.number(total), probability);
  }

  private static String power(String exponent) {
    return "e<sup>" + exponent + "</sup>";
  }
}
