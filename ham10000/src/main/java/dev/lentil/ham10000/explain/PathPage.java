package dev.lentil.ham10000.explain;

import dev.lentil.explain.HeatMap;
import dev.lentil.explain.StrongestPath;
import dev.lentil.explain.StrongestPath.Field;
import dev.lentil.explain.StrongestPath.Link;
import dev.lentil.explain.StrongestPath.Making;
import dev.lentil.explain.StrongestPath.Term;
import dev.lentil.ham10000.image.Pictures;
import dev.lentil.ham10000.report.Html;
import dev.lentil.ham10000.report.Page;
import dev.lentil.ham10000.report.SampleImage;
import dev.lentil.ham10000.report.Template;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.tensor.Shape;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A {@link StrongestPath} as a page to read from the pixel to the answer: each value with the pixels that it sees, its channel's map and
 * the arithmetic that made it. One file without scripts and without anything from the network.
 *
 * @param answer what is asked for, such as "malignant"
 * @param logit the class whose logit is followed, if the answer is several
 * @param remark a line on the photograph and what the network says of it
 * @param lastStep from the logit to the probability
 */
public record PathPage(Network network, RgbImage image, StrongestPath path, String answer, Optional<String> logit,
    String remark, LastStep lastStep) {
  /** Terms of a long sum that are shown each by itself. */
  static final int TERMS = 6;
  private static final int TAPS = 3;
  /** Below this a number is written with an exponent. */
  private static final double SMALL = 1e-3;
  /** In a picture this wide a place is too small to be seen by itself; it gets a ring. */
  private static final int RINGED = 20;
  private static final String FOLDER = "/dev/lentil/ham10000/explain/";
  private static final String[] COLOURS = {"red", "green", "blue"};
  private static final Pattern BLOCK = Pattern.compile("(expanded_conv|block_\\d+)_.*");

  /** A layer whose values are sums, or the image, and what is done to each value before the next such layer. */
  private record Stage(List<Link> links) {
    Link first() {
      return links.getFirst();
    }

    Link last() {
      return links.getLast();
    }
  }

  /** The whole page. */
  public String html() {
    String style = Template.resource(FOLDER + "path.css").text() + ".photo { background-image: url("
        + dataUri(Pictures.of(image)) + "); }\n";
    return Page.of("From a pixel to “" + answer + "”", style, Template.resource(FOLDER + "path.html").fill(Map.of(
        "answer", Html.escape(answer),
        "remark", Html.escape(remark),
        "logit",
        logit.map(
            one -> "<p>“" + Html.escape(answer)
                + "” is several classes. This is the path to the most likely of them, <b>"
                + Html.escape(one) + "</b>.</p>")
            .orElse(""),
        "overview", overview(),
        "stages", sections())));
  }

  private List<Stage> stages() {
    var stages = new ArrayList<Stage>();
    var links = new ArrayList<Link>();
    for (Link link : path.links()) {
      boolean begins = link.making() instanceof Making.Sum || link.making() instanceof Making.Pixel;
      if (begins && !links.isEmpty()) {
        stages.add(new Stage(List.copyOf(links)));
        links.clear();
      }
      links.add(link);
    }
    stages.add(new Stage(List.copyOf(links)));
    return stages;
  }

  private String sections() {
    var html = new StringBuilder();
    String before = "";
    int number = 0;
    for (Stage stage : stages()) {
      String block = block(stage.first().layer().name());
      if (!block.equals(before)) {
        html.append(before.isEmpty() ? "" : "</section>\n").append("<section>\n<h2>").append(Html.escape(block))
            .append("</h2>\n");
        before = block;
      }
      number++;
      html.append(card(stage, number));
    }
    return html.append(lastStep.html(number + 1)).append("</section>").toString();
  }

  private String block(String layer) {
    var match = BLOCK.matcher(layer);
    if (match.matches()) {
      return match.group(1);
    }
    return layer.equals(network.inputNode().name())
        ? "The pixel"
        : network.shape(layer).rank() == 1 ? "The answer" : layer;
  }

  // ---- a stage --------------------------------------------------------------------------------------------------------

  private String card(Stage stage, int number) {
    Link last = stage.last();
    return """
        <article class="stage">
        <h3><span>%s.</span> %s</h3>
        <p class="what">%s</p>
        <div class="sights">%s%s</div>
        <div class="sum">
        %s
        </div>
        </article>
        """.formatted(number, stage.links().stream().map(link -> Html.escape(link.layer().name()))
        .collect(Collectors.joining(" → ")), Html.escape(what(stage)), sight(last),
        last.channelMap().map(map -> channelMap(last, map)).orElse(""),
        stage.links().stream().map(this::arithmetic).collect(Collectors.joining("\n")));
  }

  private String what(Stage stage) {
    Link first = stage.first();
    Shape shape = network.shape(first.layer().name());
    String output = shape.rank() == 1
        ? shape.extent(0) + (shape.extent(0) == 1 ? " value" : " values")
        : shape.extent(0) + " × " + shape.extent(1) + " positions, " + shape.extent(2) + " channels";
    String kind = switch (first.layer()) {
      case Layer.Input _ -> "The image as the network gets it";
      case Layer.Conv2d l when l.kernel() == 1 -> "Convolution 1 × 1: a sum over the channels at one position";
      case Layer.Conv2d l -> "Convolution " + l.kernel() + " × " + l.kernel() + stride(l.stride())
          + ": a sum over the channels at neighbouring positions";
      case Layer.DepthwiseConv2d l -> "Depthwise convolution " + l.kernel() + " × " + l.kernel() + stride(l.stride())
          + ": a sum over neighbouring positions of one channel";
      case Layer.Add _ -> "The sum of the block's result and the value that bypassed the block";
      case Layer.GlobalAveragePool _ -> "Global average pooling: the mean over the positions of a channel";
      case Layer.Dense _ -> "Dense layer: a sum over all channels";
      case Layer.BatchNorm _, Layer.Relu6 _, Layer.Dropout _, Layer.Sigmoid _, Layer.Softmax _ -> "";
    };
    return kind + "; " + output + ". " + where(stage.last())
        + (stage.last().toward() > 0 ? "A large value here is for “" : "A small value here is for “") + answer + "”.";
  }

  private static String stride(int stride) {
    return stride == 1 ? "" : ", every " + (stride == 2 ? "second" : stride + "th") + " position";
  }

  private String where(Link link) {
    String channel = link.layer() instanceof Layer.Input
        ? COLOURS[link.channel() % COLOURS.length]
        : "channel " + link.channel();
    return link.channelMap().isEmpty()
        ? "Followed: " + channel + ". "
        : "Followed: " + channel + " at row " + link.row() + ", column " + link.column() + ". ";
  }

  // ---- pictures -------------------------------------------------------------------------------------------------------

  /** The photograph with the pixels that a value depends on. */
  private String sight(Link link) {
    Field field = link.field();
    int bottom = Math.min(image.height(), field.top() + field.height());
    int right = Math.min(image.width(), field.left() + field.width());
    int top = Math.max(0, field.top());
    int left = Math.max(0, field.left());
    boolean all = bottom - top == image.height() && right - left == image.width();
    String seen = all
        ? "sees the whole image"
        : bottom - top == 1 && right - left == 1
            ? "is one pixel"
            : "sees " + (bottom - top) + " × " + (right - left) + " pixels";
    return """
        <figure><div class="photo"><svg viewBox="0 0 %s %s" role="img" aria-label="The photograph; the value %s"><path class="unseen" \
        d="M0 0H%sV%sH0zM%s %sV%sH%sV%sz"/>%s</svg></div><figcaption>%s</figcaption></figure>"""
        .formatted(image.width(), image.height(), seen, image.width(), image.height(), left, top, bottom, right, top,
            frame(left, top, right - left, bottom - top, image.width()), seen);
  }

  private String channelMap(Link link, HeatMap map) {
    Scale scale = map.smallest() < 0
        ? Scale.bothWays(map)
        : new Scale(ColourMap.SEQUENTIAL, 0, map.largest() > 0 ? map.largest() : 1);
    return """
        <figure><div class="map"><img src="%s" alt="Map of the channel" /><svg viewBox="0 0 %s %s" aria-hidden="true">%s</svg>\
        </div><figcaption>%s × %s, %s to %s</figcaption></figure>""".formatted(
        dataUri(Explanation.squares(map, scale, 1)), map.width(), map.height(),
        frame(link.column(), link.row(), 1, 1, map.width()), map.height(),
        map.width(), number(map.smallest()), number(map.largest()));
  }

  /** White on black, to be seen on any ground; around what is small for the picture a ring. */
  private static String frame(int left, int top, int width, int height, int pictureWidth) {
    String shape = Math.max(width, height) * RINGED < pictureWidth
        ? "<circle class=\"%%s\" cx=\"%s\" cy=\"%s\" r=\"%s\"/>".formatted(left + width / 2.0, top + height / 2.0,
            pictureWidth / (double) RINGED)
        : "<rect class=\"%%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>".formatted(left, top, width, height);
    return shape.formatted("ground") + shape.formatted("frame");
  }

  private static String dataUri(BufferedImage picture) {
    return SampleImage.dataUri(Pictures.png(picture), "of the path");
  }

  /** What each value sees, one in the other. */
  private String overview() {
    String fields = stages().stream().map(stage -> stage.last().field()).distinct()
        .map(field -> frame(field.left(), field.top(), field.width(), field.height(), image.width()))
        .collect(Collectors.joining());
    return "<div class=\"photo\"><svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"The photograph with the pixels that the values see\">%s</svg></div>"
        .formatted(image.width(), image.height(), fields);
  }

  // ---- arithmetic -----------------------------------------------------------------------------------------------------

  private String arithmetic(Link link) {
    return switch (link.making()) {
      case Making.Pixel _ -> pixel(link);
      case Making.Sum sum -> switch (link.layer()) {
        case Layer.Conv2d l when l.kernel() == TAPS -> windows(link, sum);
        case Layer.DepthwiseConv2d l when l.kernel() == TAPS -> windows(link, sum);
        case Layer.Add _ -> added(link, sum);
        case Layer.GlobalAveragePool _ -> mean(link, sum);
        default -> terms(link, sum);
      };
      case Making.Normalized n -> line("Batch normalisation", "(%s − %s) ÷ √(%s + %s) × %s + %s".formatted(
          operand(n.input()), operand(n.mean()), number(n.variance()),
          BigDecimal.valueOf(n.epsilon()).round(new MathContext(2)).stripTrailingZeros().toPlainString(),
          operand(n.gamma()),
          operand(n.beta())), link.value());
      case Making.Clipped(double input) -> line("ReLU6", "min(max(" + number(input) + ", 0), 6)", link.value())
          + (input > 0 && input < 6
              ? ""
              : "<p class=\"note\">ReLU6 clips here: a slightly different value here, or anywhere before it, changes nothing along this path.</p>");
      case Making.Unchanged(double input) -> line("Dropout, off outside training", number(input), link.value());
    };
  }

  private static String line(String name, String left, double result) {
    return line(name, left, number(result));
  }

  static String line(String name, String left, String result) {
    return "<p class=\"line\"><span>" + name + "</span> " + (left.isEmpty() ? "" : left + " = ") + "<b>"
        + result
        + "</b></p>";
  }

  private String pixel(Link link) {
    int stored = image.rgb()[(link.row() * image.width() + link.column()) * COLOURS.length + link.channel()] & 0xFF;
    return line("Scaled", stored + " of 255", link.value());
  }

  private static String added(Link link, Making.Sum sum) {
    return line("Sum", sum.terms().stream().map(term -> (term.equals(sum.strongest()) ? "<mark>" : "<span>")
        + operand(term.input()) + "</" + (term.equals(sum.strongest()) ? "mark" : "span") + "> ("
        + Html.escape(term.layer()) + ")").collect(Collectors.joining(" + ")), link.value());
  }

  private static String mean(Link link, Making.Sum sum) {
    Term strongest = sum.strongest();
    return line("Mean", "sum of " + sum.terms().size() + " positions ÷ " + sum.terms().size(), link.value())
        + "<p class=\"note\">The followed position, row " + strongest.row() + ", column " + strongest.column()
        + ", has <mark>" + number(strongest.input()) + "</mark> and contributes " + number(strongest.product()) + ". "
        + balance(
            link, sum)
        + "</p>";
  }

  /** The largest terms by themselves, the others together. */
  private static String terms(Link link, Making.Sum sum) {
    var sorted =
        sum.terms().stream().sorted(Comparator.comparingDouble((Term term) -> -Math.abs(term.product()))).toList();
    var shown = new ArrayList<>(sorted.subList(0, Math.min(TERMS, sorted.size())));
    if (!shown.contains(sum.strongest())) {
      shown.set(shown.size() - 1, sum.strongest());
    }
    double largest = Math.abs(sorted.getFirst().product());
    double rest = sum.terms().stream().mapToDouble(Term::product).sum()
        - shown.stream().mapToDouble(Term::product).sum();
    String rows = shown.stream().map(term -> row("channel " + term.channel(),
        operand(term.input()) + " × " + operand(term.weight()), term.product(), largest, term.equals(sum.strongest())))
        .collect(Collectors.joining("\n"));
    int others = sum.terms().size() - shown.size();
    return "<table class=\"terms\"><tbody>\n" + rows
        + (others > 0 ? row(others + (others == 1 ? " other" : " others"), "", rest, largest, false) : "")
        + (sum.bias() == 0 ? "" : row("bias", "", sum.bias(), largest, false))
        + total(link.value())
        + "</tbody></table><p class=\"note\">" + balance(link, sum) + "</p>";
  }

  static String total(double value) {
    return "<tr class=\"total\"><th scope=\"row\">sum</th><td></td><td>" + number(value) + "</td><td></td></tr>\n";
  }

  static String row(String name, String product, double value, double largest, boolean followed) {
    double share = largest == 0 ? 0 : Math.min(1, Math.abs(value) / largest);
    return "<tr" + (followed ? " class=\"followed\"" : "") + "><th scope=\"row\">" + name + "</th><td>" + product
        + "</td><td>" + number(value) + "</td><td class=\"bar\"><i class=\"" + (value < 0 ? "below" : "above")
        + "\" style=\"width:" + Math.round(100 * share) + "%\"></i></td></tr>\n";
  }

  /** The sums of the terms for and against the answer, and the share of the followed term in the first. */
  private static String balance(Link link, Making.Sum sum) {
    double with = sum.terms().stream().mapToDouble(term -> Math.max(0, link.toward() * term.product())).sum();
    double against = sum.terms().stream().mapToDouble(term -> Math.min(0, link.toward() * term.product())).sum();
    return "All " + sum.terms().size() + " terms: " + number(with) + " for the answer, " + number(against)
        + " against it"
        + (with > 0
            ? "; the marked term is " + Math.round(100 * link.toward() * sum.strongest().product() / with)
                + "% of the " + number(with) + "."
            : "; no term is for it, so the largest is marked; what is for it comes from the layer's constants, not from the image.");
  }

  /** Inputs, kernel and products of a 3x3 window, a row of grids for each channel if those are few. */
  private String windows(Link link, Making.Sum sum) {
    List<Integer> channels = sum.terms().stream().map(Term::channel).distinct().toList();
    if (channels.size() > COLOURS.length) {
      return terms(link, sum);
    }
    boolean colours =
        channels.size() == COLOURS.length && sum.terms().getFirst().layer().equals(network.inputNode().name());
    double largest = sum.terms().stream().mapToDouble(term -> Math.abs(term.product())).max().orElse(1);
    return channels.stream().map(channel -> "<div class=\"window\">"
        + grid(colours ? COLOURS[channel] : "channel " + channel, link, sum, channel, term -> plain(term.input()))
        + "<span>×</span>" + grid("kernel", link, sum, channel, term -> plain(term.weight()))
        + "<span>=</span>" + grid("products", link, sum, channel, term -> shaded(term.product(), largest)) + "</div>")
        .collect(Collectors.joining("\n"))
        + line("Sum of the products", "", link.value()) + "<p class=\"note\">" + balance(link, sum) + "</p>";
  }

  /** The content of a grid's cell, and how it is coloured. */
  private record Cell(String kind, String style, double value) {}

  private static Cell plain(double value) {
    return new Cell("", "", value);
  }

  private static Cell shaded(double value, double largest) {
    long share = largest == 0 ? 0 : Math.round(100 * Math.abs(value) / largest);
    return new Cell(value < 0 ? "below" : "above", "--share:" + share + "%", value);
  }

  private String grid(String caption, Link link, Making.Sum sum, int channel, Function<Term, Cell> cells) {
    var window = network.window(link.layer().name());
    int top = link.row() * window.stride() - window.padTop();
    int left = link.column() * window.stride() - window.padLeft();
    String rows = IntStream.range(0, window.kernelH()).mapToObj(y -> "<tr>" + IntStream.range(0, window.kernelW())
        .mapToObj(x -> sum.terms().stream()
            .filter(term -> term.channel() == channel && term.row() == top + y && term.column() == left + x).findFirst()
            .map(term -> cell(cells.apply(term), term.equals(sum.strongest())))
            .orElse("<td class=\"outside\">·</td>"))
        .collect(Collectors.joining()) + "</tr>").collect(Collectors.joining());
    return "<table class=\"grid\"><caption>" + caption + "</caption><tbody>" + rows + "</tbody></table>";
  }

  private static String cell(Cell cell, boolean followed) {
    return "<td class=\"" + cell.kind + (followed ? " followed" : "") + "\" style=\"" + cell.style + "\">"
        + number(cell.value) + "</td>";
  }

  // ---- numbers --------------------------------------------------------------------------------------------------------

  /** Three digits that tell something. */
  static String number(double value) {
    if (value == 0) {
      return "0";
    }
    String text = Math.abs(value) < SMALL
        ? String.format(Locale.ROOT, "%.1e", value).replaceFirst("e-0?", "e-")
        : String.format(Locale.ROOT, "%.3g", value);
    return text.replace('-', '−');
  }

  /** As part of a calculation: what is below 0 is in brackets. */
  static String operand(double value) {
    return value < 0 ? "(" + number(value) + ")" : number(value);
  }
}
