package dev.lentil.ham10000.cli;

import dev.lentil.explain.HeatMap;
import dev.lentil.explain.StrongestPath;
import dev.lentil.explain.StrongestPath.Link;
import dev.lentil.explain.StrongestPath.Making;
import dev.lentil.explain.StrongestPath.Term;
import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.explain.Explanation;
import dev.lentil.ham10000.explain.LastStep;
import dev.lentil.ham10000.explain.PathPage;
import dev.lentil.ham10000.image.Pictures;
import dev.lentil.io.AtomicFile;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.nn.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What {@code lentil explain} wrote about one photograph.
 *
 * @param shown a picture, or a page
 * @param details what {@code --json} says beside it
 */
record ExplainedFile(Path photo, String answer, double probability, String method, Path shown, Path numbers,
    Map<String, Object> details) {
  /** The method whose result is a page. */
  static final String PATH = "path";

  /** @param base of the two files, without their endings */
  static ExplainedFile write(Path photo, Subject.Named named, double[] logits, Explanation explanation, Path base) {
    byte[] picture = Pictures.png(explanation.sheet(named.name(), remark(photo, named, logits)).draw());
    return write(photo, named, logits, explanation.method().name(), ending(base, ".png"), picture, csv(explanation),
        maps(explanation), base);
  }

  /** As {@link #write(Path, Subject.Named, double[], Explanation, Path)}, a page. */
  static ExplainedFile write(Path photo, Subject.Named named, double[] logits, Network network, RgbImage image,
      StrongestPath path, IntFunction<String> names, Path base) {
    Optional<String> logit = named.answer().classes().size() > 1
        ? Optional.of(names.apply(path.links().getLast().channel()))
        : Optional.empty();
    var page = new PathPage(network, image, path, named.name(), logit, remark(photo, named, logits),
        new LastStep(named.answer(), logits, names, Numbers.probability(named.answer().probability(logits))));
    return write(photo, named, logits, PATH, ending(base, ".html"), page.html().getBytes(StandardCharsets.UTF_8),
        csv(path), links(path), base);
  }

  private static ExplainedFile write(Path photo, Subject.Named named, double[] logits, String method, Path shown,
      byte[] content, String csv, Map<String, Object> details, Path base) {
    Path numbers = ending(base, ".csv");
    try {
      AtomicFile.write(shown, content);
      AtomicFile.write(numbers, csv);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ExplainedFile(photo, named.name(), named.answer().probability(logits), method, shown, numbers, details);
  }

  private static Path ending(Path base, String ending) {
    return base.resolveSibling(base.getFileName() + ending);
  }

  private static String remark(Path photo, Subject.Named named, double[] logits) {
    return String.format(Locale.ROOT, "%s: probability of \"%s\" %s", photo.getFileName(), named.name(),
        Numbers.probability(named.answer().probability(logits)));
  }

  /** A line for each value of the path; of a sum also the term that is followed. */
  private static String csv(StrongestPath path) {
    var text = new StringBuilder("layer,row,column,channel,value,toward,terms,from,input,weight,product\n");
    for (Link link : path.links()) {
      text.append(link.layer().name()).append(',').append(link.row()).append(',').append(link.column()).append(',')
          .append(link.channel()).append(',').append(number(link.value())).append(',').append(link.toward());
      if (link.making() instanceof Making.Sum sum) {
        Term term = sum.strongest();
        text.append(',').append(sum.terms().size()).append(',').append(term.layer()).append(',')
            .append(number(term.input())).append(',').append(number(term.weight())).append(',')
            .append(number(term.product()));
      } else {
        text.append(",,,,,");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static Map<String, Object> links(StrongestPath path) {
    return Map.of("links", path.links().stream().map(link -> {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("layer", link.layer().name());
      entry.put("row", link.row());
      entry.put("column", link.column());
      entry.put("channel", link.channel());
      entry.put("value", (float) link.value());
      entry.put("toward", link.toward());
      return entry;
    }).toList());
  }

  private static Map<String, Object> maps(Explanation explanation) {
    return Map.of("maps", explanation.maps().stream()
        .map(map -> rows(map).stream().map(row -> Arrays.stream(row).mapToObj(value -> (float) value).toList())
            .toList())
        .toList());
  }

  /** A line for each row of a map; several maps follow each other, each line beginning with its channel. */
  private static String csv(Explanation explanation) {
    var text = new StringBuilder();
    List<HeatMap> maps = explanation.maps();
    for (int channel = 0; channel < maps.size(); channel++) {
      for (double[] row : rows(maps.get(channel))) {
        text.append(maps.size() == 1 ? "" : channel + ",")
            .append(Arrays.stream(row).mapToObj(ExplainedFile::number).collect(Collectors.joining(","))).append('\n');
      }
    }
    return text.toString();
  }

  private static List<double[]> rows(HeatMap map) {
    return IntStream.range(0, map.height())
        .mapToObj(row -> Arrays.copyOfRange(map.values(), row * map.width(), (row + 1) * map.width())).toList();
  }

  /** A float32 has about seven digits. */
  private static String number(double value) {
    return Float.toString((float) value);
  }

  static Map<String, Object> document(PerPhoto<ExplainedFile> files) {
    var document = new LinkedHashMap<String, Object>();
    document.put("disclaimer", Disclaimer.TEXT);
    document.put("explanations", files.entries(ExplainedFile::entry));
    return document;
  }

  private Map<String, Object> entry() {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("file", photo);
    entry.put("class", answer);
    entry.put("probability", probability);
    entry.put("method", method);
    entry.put(method.equals(PATH) ? "page" : "picture", shown);
    entry.put("numbers", numbers);
    entry.putAll(details);
    return entry;
  }

  String text() {
    return String.format(Locale.ROOT, "%s: probability of \"%s\" %s%n  %s%n  %s", photo, answer,
        Numbers.probability(probability), shown, numbers);
  }
}
