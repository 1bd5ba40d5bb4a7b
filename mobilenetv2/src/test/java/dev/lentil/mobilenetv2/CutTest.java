package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.mobilenetv2.Cut.Empty;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Network;
import dev.lentil.nn.Summary;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutTest {
  private final Network network = MobileNetV2.keras(1.0, 224, 224, Head.binary()).network();

  /** Trainable parameters as Keras counts them, the head's 1,281 included. */
  @ParameterizedTest
  @CsvSource({
      "paper-literal, 160, 1281, 1281",
      "paper-intent, 143, 887361, 880321",
      "block_16_expand, 143, 887361, 880321",
      "116, 116, 1682625, 1664641",
      "block_13_expand, 116, 1682625, 1664641",
      "tutorial, 100, 1862721, 1840897",
      "100, 100, 1862721, 1840897",
      "full, 0, 2225153, 2191041"})
  void trainableParametersOfEveryCut(String text, int first, long trained, long frozenBn) {
    Cut cut = Cut.parse(text, network, BatchNormMode.TRAINING, Empty.REFUSED);
    assertEquals(first, cut.first());
    assertEquals(trained, cut.trainedCount(network, BatchNormMode.TRAINING));
    assertEquals(trained, cut.trainedCount(network, BatchNormMode.INFERENCE_STATISTICS));
    assertEquals(frozenBn, cut.trainedCount(network, BatchNormMode.FROZEN));
    assertTrue(cut.trainable(network).containsAll(Set.of("dropout", "predictions", "sigmoid")));
    Summary summary = Summary.of(network, cut.trainedParameters(network, BatchNormMode.TRAINING));
    assertEquals(trained, summary.trained().orElseThrow());
  }

  @Test
  void layersBelowTheCutAreNotTrained() {
    Set<String> trainable = Cut.Preset.PAPER_INTENT.cut().trainable(network);
    assertTrue(trainable.contains("block_16_expand") && trainable.contains("Conv_1_bn"));
    assertFalse(trainable.contains("block_15_add"));
    assertFalse(Cut.headOnly().trainable(network).contains("out_relu"));
  }

  @Test
  void anEmptyCutMustBeAskedFor() {
    for (String text : new String[] {"153", "out_relu", "154", "160"}) {
      var error = assertThrows(IllegalArgumentException.class,
          () -> Cut.parse(text, network, BatchNormMode.TRAINING, Empty.REFUSED));
      assertTrue(error.getMessage().contains(text) && error.getMessage().contains("0 to 153")
          && error.getMessage().contains("--allow-empty-cut"), error.getMessage());
      assertEquals(1281, Cut.parse(text, network, BatchNormMode.TRAINING, Empty.ALLOWED).trainedCount(network,
          BatchNormMode.TRAINING));
    }
    // the last normalisation has parameters, but frozen it trains none of them
    assertEquals(152, Cut.parse("152", network, BatchNormMode.TRAINING, Empty.REFUSED).first());
    var frozen = assertThrows(IllegalArgumentException.class,
        () -> Cut.parse("Conv_1_bn", network, BatchNormMode.FROZEN, Empty.REFUSED));
    assertTrue(frozen.getMessage().contains("the cut at layer Conv_1_bn trains nothing of the base")
        && frozen.getMessage().contains("with batch normalisation frozen"), frozen.getMessage());
    assertEquals(151, Cut.parse("Conv_1", network, BatchNormMode.FROZEN, Empty.REFUSED).first());
  }

  @Test
  void anythingElseIsRefused() {
    var error = assertThrows(IllegalArgumentException.class,
        () -> Cut.parse("block_17", network, BatchNormMode.TRAINING, Empty.ALLOWED));
    assertTrue(error.getMessage().contains("block_17") && error.getMessage().contains("paper-intent"),
        error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Cut.parse("-1", network, BatchNormMode.TRAINING, Empty.ALLOWED));
  }

  @Test
  void theExplanationSaysWhatThePaperGotWrong() {
    String literal = Cut.Preset.PAPER_LITERAL.cut().explain(network);
    assertTrue(literal.contains("154 layers") && literal.contains("1,281 parameters"), literal);
    String intent = Cut.Preset.PAPER_INTENT.cut().explain(network);
    assertTrue(intent.contains("block_16_expand to out_relu (11 layers of the base)")
        && intent.contains("887,361 parameters (880,321 with"), intent);
  }
}
