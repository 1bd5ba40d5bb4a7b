package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected texts were printed by scikit-learn 1.9.1, {@code zero_division=0}. */
class ClassificationReportTest {
  private static final ConfusionMatrix SEVEN = ConfusionMatrix.ofCounts(new long[][] {
      {38, 5, 6, 0, 9, 1, 0},
      {4, 60, 5, 1, 2, 0, 3},
      {9, 3, 90, 1, 31, 40, 0},
      {1, 2, 3, 5, 1, 4, 0},
      {3, 1, 20, 0, 70, 60, 0},
      {5, 2, 35, 3, 41, 900, 2},
      {0, 1, 0, 0, 1, 2, 17}});

  @Test
  void twoClasses() throws IOException {
    var names = List.of("benign", "malignant");
    var paper = ConfusionMatrix.ofBinary(1167, 32, 229, 57);
    assertPrints("report_paper_4.txt", paper, names, 4);
    assertPrints("report_paper_2.txt", paper, names, 2);
    assertPrints("report_always_benign_4.txt", paper.always(0), names, 4);
  }

  @Test
  void sevenClasses() throws IOException {
    assertPrints("report_seven_2.txt", SEVEN, List.of("akiec", "bcc", "bkl", "df", "mel", "nv", "vasc"), 2);
    assertPrints("report_seven_long_names_4.txt", SEVEN,
        List.of("actinic keratosis / Bowen", "basal cell", "benign keratosis", "dermatofibroma", "melanoma", "naevus",
            "vascular \u2013 Gef\u00e4\u00df"),
        4);
  }

  @Test
  void roundsAsPythonDoes() throws IOException {
    assertPrints("report_half_to_even_2.txt", ConfusionMatrix.ofBinary(1, 7, 7, 1), List.of("a", "b"), 2);
    assertPrints("report_wide_digits_15.txt", ConfusionMatrix.ofBinary(10, 3, 2, 7), List.of("0", "1"), 15);
  }

  @Test
  void classWithoutSample() throws IOException {
    assertPrints("report_class_without_sample_3.txt",
        ConfusionMatrix.ofCounts(new long[][] {{3, 1, 0}, {0, 0, 0}, {1, 0, 2}}), List.of("x", "y", "z"), 3);
  }

  @Test
  void namesMustFit() {
    assertThrows(IllegalArgumentException.class,
        () -> ClassificationReport.of(SEVEN, List.of("benign", "malignant"), 2));
  }

  private static void assertPrints(String resource, ConfusionMatrix matrix, List<String> names, int digits)
      throws IOException {
    try (var in = ClassificationReportTest.class.getResourceAsStream(resource)) {
      assertEquals(
          new String(in.readAllBytes(), StandardCharsets.UTF_8), ClassificationReport.of(matrix, names, digits));
    }
  }
}
