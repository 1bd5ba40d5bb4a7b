package dev.lentil.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it sets the process's locale")
class DeviceMemoryTest {
  /** 1,500 would be more than any card has. */
  @Test
  void sizesHaveTheSameDecimalPointInEveryLanguage() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertEquals("take 1.500 GiB of device memory", DeviceMemory.taking(3L << 29));
    } finally {
      Locale.setDefault(before);
    }
  }
}
