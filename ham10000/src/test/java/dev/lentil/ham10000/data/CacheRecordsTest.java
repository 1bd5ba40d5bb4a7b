package dev.lentil.ham10000.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CacheRecordsTest {
  /** All images of the data set at 600x450 are 8 GB: positions must not be calculated as int. */
  @Test
  void positionsBeyondTwoGigabytes() {
    var records = new CacheRecords(4096, 600 * 450 * 3, 10_015);
    assertEquals(4096, records.record(0));
    assertEquals(4096 + 810_000, records.record(1));
    assertEquals(4096L + 10_015L * 810_000, records.mark(0));
    assertEquals(8_112_154_096L + 10_014 * 8, records.mark(10_014));
    assertEquals(8_112_154_096L + 10_015 * 8, records.fileBytes());
  }
}
