package dev.lentil.metrics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Prints precision, recall, F1 and support, byte for byte as scikit-learn's {@code classification_report}. */
public final class ClassificationReport {
  private static final String LONGEST_HEADING = "weighted avg";
  private static final int COLUMN = 9;

  private ClassificationReport() {}

  /**
   * The report, ending in a newline.
   *
   * @param names one per class, in the order of the class indices
   * @param digits decimals; scikit-learn's default is 2, the paper prints 4
   */
  public static String of(ConfusionMatrix matrix, List<String> names, int digits) {
    if (names.size() != matrix.classes()) {
      throw new IllegalArgumentException(names.size() + " names for " + matrix.classes() + " classes: " + names);
    }
    int width = Math.max(LONGEST_HEADING.length(), digits);
    for (var name : names) {
      width = Math.max(width, name.codePointCount(0, name.length()));
    }
    var text = new StringBuilder();
    row(text, width, "", "precision", "recall", "f1-score", "support");
    text.append('\n');
    for (int c = 0; c < matrix.classes(); c++) {
      row(text, width, names.get(c), fixed(matrix.precision(c), digits), fixed(matrix.recall(c), digits),
          fixed(matrix.f1(c), digits), Long.toString(matrix.support(c)));
    }
    text.append('\n');
    var total = Long.toString(matrix.total());
    row(text, width, "accuracy", "", "", fixed(matrix.accuracy(), digits), total);
    averages(text, width, "macro avg", matrix.macro(), digits, total);
    averages(text, width, LONGEST_HEADING, matrix.weighted(), digits, total);
    return text.toString();
  }

  private static void averages(
      StringBuilder text, int width, String heading, ConfusionMatrix.Averages mean, int digits, String total) {
    row(text, width, heading, fixed(mean.precision(), digits), fixed(mean.recall(), digits), fixed(mean.f1(), digits),
        total);
  }

  private static void row(StringBuilder text, int width, String heading, String... cells) {
    pad(text, heading, width);
    text.append(' ');
    for (var cell : cells) {
      text.append(' ');
      pad(text, cell, COLUMN);
    }
    text.append('\n');
  }

  private static void pad(StringBuilder text, String cell, int width) {
    text.repeat(' ', Math.max(0, width - cell.codePointCount(0, cell.length()))).append(cell);
  }

  /**
   * Python's {@code '{:.2f}'}: the exact binary value, rounded half to even. {@link String#format} would round 0.125 to
   * 0.13 where Python prints 0.12.
   */
  private static String fixed(double value, int digits) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }
}
