package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.nn.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class KerasLayersTest {
  private final Network network = MobileNetV2.keras(1.0, 224, 224, Head.binary()).network();
  private final KerasLayers layers = KerasLayers.of(network);

  @Test
  void thereAre154FromInputToOutRelu() {
    assertEquals(154, layers.count());
    assertEquals("input_1", layers.names().getFirst());
    assertEquals("out_relu", layers.names().get(153));
    assertEquals(154, KerasLayers.of(MobileNetV2.keras(0.35, 95, 97, new Head.Features()).network()).count());
  }

  /** Positions as Keras prints them. */
  @Test
  void numbersAreKerass() {
    assertEquals(1, layers.index("Conv1"));
    assertEquals(4, layers.index("expanded_conv_depthwise"));
    assertEquals(8, layers.index("expanded_conv_project_BN"));
    assertEquals(9, layers.index("block_1_expand"));
    assertEquals(12, layers.index("block_1_pad"));
    assertEquals(26, layers.index("block_2_add"));
    assertEquals(30, layers.index("block_3_pad"));
    assertEquals(57, layers.index("block_6_pad"));
    assertEquals("block_11_expand_relu", layers.names().get(100));
    assertEquals(116, layers.index("block_13_expand"));
    assertEquals(119, layers.index("block_13_pad"));
    assertEquals(143, layers.index("block_16_expand"));
    assertEquals(150, layers.index("block_16_project_BN"));
    assertEquals(151, layers.index("Conv_1"));
    assertEquals(List.of("block_1_pad", "block_3_pad", "block_6_pad", "block_13_pad"),
        layers.names().stream().filter(name -> !network.contains(name)).toList());
  }

  @Test
  void aPaddingLayerStandsForItsConvolution() {
    assertEquals("block_13_depthwise", layers.from(119).getFirst());
    assertEquals("block_13_depthwise", layers.from(120).getFirst());
    assertEquals(150, layers.from(0).size());
    assertEquals(List.of("out_relu"), layers.from(153));
    assertEquals(List.of(), layers.from(154));
    assertEquals(List.of(), layers.from(160));
  }

  @Test
  void anUnknownNameSaysWhatNamesLookLike() {
    var error = assertThrows(IllegalArgumentException.class, () -> layers.index("block_17_expand"));
    assertTrue(error.getMessage().contains("block_17_expand") && error.getMessage().contains("block_16_expand"));
    assertThrows(IllegalArgumentException.class, () -> layers.index("predictions"));
  }
}
