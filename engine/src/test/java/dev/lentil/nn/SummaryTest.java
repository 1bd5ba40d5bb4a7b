package dev.lentil.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.json.Json;
import dev.lentil.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static Network network() {
    Network.Builder builder = Network.builder();
    builder.add(new Layer.Input("in", Shape.of(5, 4, 3)));
    builder.add(new Layer.Conv2d("conv", 8, 3, 2, Padding.KERAS, true));
    builder.add(new Layer.BatchNorm("bn", 1e-3, 0.9));
    builder.add(new Layer.DepthwiseConv2d("depthwise", 3, 1, Padding.KERAS));
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dense("dense", 2));
    return builder.build();
  }

  @Test
  void countsByHand() {
    Summary summary = Summary.of(network());
    Summary.Row conv = summary.layers().get(1);
    assertEquals(new Summary.Row("conv", "Conv2d", List.of(3, 2, 8), List.of("in"), 3 * 3 * 3 * 8 + 8, Optional.empty(),
        3 * 2 * 8 * 27, 3 * 2 * 8 * 4), conv);
    assertEquals(32, summary.layers().get(2).parameters());
    assertEquals(3 * 2 * 8 * 9, summary.layers().get(3).multiplyAdds());
    assertEquals(16, summary.layers().get(5).multiplyAdds());
    assertEquals(224 + 32 + 72 + 18, summary.parameters());
    assertEquals(1296 + 432 + 16, summary.multiplyAdds());
    assertEquals(4 * (60 + 48 + 48 + 48 + 8 + 2), summary.activationBytes());
  }

  @Test
  void theTrainedColumnIsThereWhenAskedFor() {
    Summary summary = Summary.of(network(), Set.of("dense/kernel", "dense/bias", "bn/gamma"));
    assertEquals(26, summary.trained().orElseThrow());
    assertEquals(8, summary.layers().get(2).trained().orElseThrow());
    String text = summary.text();
    assertTrue(text.lines().findFirst().orElseThrow().endsWith("trained"), text);
    assertTrue(text.contains("Parameters     346, of which 26 are trained"), text);
    assertTrue(!Summary.of(network()).text().contains("trained"));
  }

  @Test
  void theTableForPeople() {
    assertEquals("""
        layer      type               output         parameters  multiply-adds         KiB
        in         Input              5x4x3                   -              -         0.2
        conv       Conv2d             3x2x8                 224          1,296         0.2
        bn         BatchNorm          3x2x8                  32              -         0.2
        depthwise  DepthwiseConv2d    3x2x8                  72            432         0.2
        pool       GlobalAveragePool  8                       -              -         0.0
        dense      Dense              2                      18             16         0.0

        Parameters     346
        Multiply-adds  0.0 million an image
        Activations    0.0 MiB an image, all layers, float32
        """, Summary.of(network()).text());
    Network.Builder large = Network.builder();
    large.add(new Layer.Input("in", Shape.of(512, 512, 3)));
    large.add(new Layer.Conv2d("a layer of a long name", 8, 3, 1, Padding.KERAS, true));
    assertEquals("""
        layer                   type               output         parameters  multiply-adds         KiB     trained
        in                      Input              512x512x3               -              -      3072.0           -
        a layer of a long name  Conv2d             512x512x8             224     56,623,104      8192.0         216

        Parameters     224, of which 216 are trained
        Multiply-adds  56.6 million an image
        Activations    11.0 MiB an image, all layers, float32
        """, Summary.of(large.build(), Set.of("a layer of a long name/kernel")).text());
  }

  @Test
  void itIsJsonAsItIs() {
    var json = (Map<?, ?>) Json.parse(Json.compact(Summary.of(network())));
    assertEquals(346L, json.get("parameters"));
    assertEquals(List.of(3L, 2L, 8L), ((Map<?, ?>) ((List<?>) json.get("layers")).get(1)).get("output"));
  }
}
