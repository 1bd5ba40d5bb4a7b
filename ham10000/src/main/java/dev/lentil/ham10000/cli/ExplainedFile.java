package dev.lentil.ham10000.cli;

import dev.lentil.explain.HeatMap;
import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.explain.Explanation;
import dev.lentil.ham10000.image.Pictures;
import dev.lentil.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What {@code lentil explain} wrote about one photograph. */
record ExplainedFile(Path photo, String answer, double probability, Explanation explanation, Path picture,
    Path numbers) {

  /** @param base of the two files, without their endings */
  static ExplainedFile write(Path photo, Subject.Named named, double[] logits, Explanation explanation, Path base) {
    double probability = named.answer().probability(logits);
    Path picture = base.resolveSibling(base.getFileName() + ".png");
    Path numbers = base.resolveSibling(base.getFileName() + ".csv");
    String remark = String.format(Locale.ROOT, "%s: probability of \"%s\" %s", photo.getFileName(), named.name(),
        Numbers.probability(probability));
    try {
      AtomicFile.write(picture, Pictures.png(explanation.sheet(named.name(), remark).draw()));
      AtomicFile.write(numbers, csv(explanation));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ExplainedFile(photo, named.name(), probability, explanation, picture, numbers);
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

  static Map<String, Object> document(List<ExplainedFile> files) {
    var document = new LinkedHashMap<String, Object>();
    document.put("disclaimer", Disclaimer.TEXT);
    document.put("explanations", files.stream().map(ExplainedFile::entry).toList());
    return document;
  }

  private Map<String, Object> entry() {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("file", photo);
    entry.put("class", answer);
    entry.put("probability", probability);
    entry.put("method", explanation.method().name());
    entry.put("picture", picture);
    entry.put("numbers", numbers);
    entry.put("maps", explanation.maps().stream()
        .map(map -> rows(map).stream().map(row -> Arrays.stream(row).mapToObj(value -> (float) value).toList())
            .toList())
        .toList());
    return entry;
  }

  String text() {
    return String.format(Locale.ROOT, "%s: probability of \"%s\" %s%n  %s%n  %s", photo, answer,
        Numbers.probability(probability), picture, numbers);
  }
}
