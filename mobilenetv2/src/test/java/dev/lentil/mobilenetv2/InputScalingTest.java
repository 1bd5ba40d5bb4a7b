package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InputScalingTest {
  @Test
  void pixelsBecomeRgb() {
    float[] expected = {1, -1, 51 / 127.5f - 1};
    assertArrayEquals(expected, InputScaling.MINUS_ONE_TO_ONE.scale(new int[] {0x80FF0033}));
    assertArrayEquals(expected, InputScaling.MINUS_ONE_TO_ONE.scale(new float[] {255, 0, 51}));
    assertArrayEquals(new float[] {1, 0, 0.2f}, InputScaling.ZERO_TO_ONE.scale(new int[] {0xFFFF0033}));
    // torchvision.transforms.Normalize of (1, 0, 0.2) and (0, 1, 0)
    float[] torch = {2.2489083f, -2.0357144f, -0.9155556f, -2.117904f, 2.4285715f, -1.8044444f};
    assertArrayEquals(torch, InputScaling.TORCH.scale(new int[] {0xFFFF0033, 0xFF00FF00}), 1e-6f);
    assertArrayEquals(torch, InputScaling.TORCH.scale(new float[] {255, 0, 51, 0, 255, 0}), 1e-6f);
  }

  @Test
  void theTextReadsBack() {
    for (InputScaling scaling : InputScaling.values()) {
      assertEquals(scaling, InputScaling.parse(scaling.text()));
    }
    var error = assertThrows(IllegalArgumentException.class, () -> InputScaling.parse("x/128"));
    assertTrue(error.getMessage().contains("x/128") && error.getMessage().contains("x/127.5-1"), error.getMessage());
  }
}
