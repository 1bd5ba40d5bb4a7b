package dev.lentil.weights.scheme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class KerasNamesTest {
  @Test
  void namesOfEveryKerasAreUnderstood() {
    assertEquals("Conv1/kernel", KerasNames.normalised("Conv1/kernel:0"));
    assertEquals("Conv1/kernel", KerasNames.normalised("mobilenetv2_1.00_224/Conv1/kernel"));
    assertEquals("block_1_depthwise/depthwise_kernel", KerasNames.normalised("block_1_depthwise/kernel"));
    assertEquals("block_1_depthwise/depthwise_kernel",
        KerasNames.normalised("block_1_depthwise/depthwise_kernel:0"));
  }

  /** Names that no layer has, which a damaged file may. */
  @Test
  void namesOfNothing() {
    assertEquals("/", KerasNames.normalised(""));
    assertEquals("/", KerasNames.normalised("///"));
    assertEquals("/x", KerasNames.normalised("x"));
  }
}
