package dev.lentil.ham10000.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SampleImageTest {
  @Test
  void knowsPngAndJpeg() {
    assertEquals("data:image/png;base64,iVA=", SampleImage.of(new byte[] {(byte) 0x89, 'P'}, "x", true).dataUri());
    assertEquals("data:image/jpeg;base64,/9g=",
        SampleImage.of(new byte[] {(byte) 0xFF, (byte) 0xD8}, "x", true).dataUri());
    assertThrows(IllegalArgumentException.class, () -> SampleImage.of("GIF89a".getBytes(), "x", true));
    assertThrows(IllegalArgumentException.class, () -> SampleImage.of(new byte[0], "x", true));
  }
}
