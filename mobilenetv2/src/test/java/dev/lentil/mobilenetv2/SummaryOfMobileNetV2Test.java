package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.nn.Summary;
import org.junit.jupiter.api.Test;

class SummaryOfMobileNetV2Test {
  @Test
  void multiplyAddsAreThoseOfThePaper() {
    Summary summary = Summary.of(MobileNetV2.imageNet().network());
    assertEquals(300.8, summary.multiplyAdds() / 1e6, 0.1);
    assertEquals(3_538_984, summary.parameters());
    assertTrue(summary.text().contains("Multiply-adds  300.8 million an image"), summary.text());
    // 1x1 convolutions are 89% of it
    double pointwise = summary.layers().stream()
        .filter(row -> row.name().endsWith("_expand") || row.name().endsWith("_project") || row.name().equals("Conv_1"))
        .mapToLong(Summary.Row::multiplyAdds).sum();
    assertEquals(0.89, pointwise / summary.multiplyAdds(), 0.01);
  }
}
