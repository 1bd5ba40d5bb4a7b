package dev.lentil.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** One line of auc_cases.txt, whose areas Keras and scikit-learn computed (their versions are in its first line). */
record AucCase(String name, double keras, double exact, int[] labels, double[] scores) {
  static List<AucCase> all() {
    try (var in = AucCase.class.getResourceAsStream("auc_cases.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
          .filter(line -> !line.startsWith("#"))
          .map(AucCase::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AucCase parse(String line) {
    var fields = line.split(";");
    var labels = fields[3].chars().map(c -> c - '0').toArray();
    var scores = Arrays.stream(fields[4].split(" ")).mapToDouble(Float::parseFloat).toArray();
    return new AucCase(fields[0], Double.parseDouble(fields[1]), Double.parseDouble(fields[2]), labels, scores);
  }
}
