package dev.lentil.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpTest {
  @ParameterizedTest
  @CsvSource({"1, 2147483647, 1", "2, 2147483647, 1000", "1, 7, 3", "2, 7, 1"})
  void everyUnitIsCalculatedAlsoOfAsManyAsAnArrayHolds(int threads, int units, int grain) {
    var calculated = new AtomicLong();
    var op = new Op.Range() {
      @Override
      int units() {
        return units;
      }

      @Override
      int grain() {
        return grain;
      }

      @Override
      void range(Frame frame, int from, int to) {
        assertTrue(from >= 0 && from % grain == 0 && to > from, from + " to " + to);
        calculated.addAndGet(to - from);
      }
    };
    try (var workers = new Workers(threads)) {
      op.run(new Frame(null, null, null, 0, 1, null, null, false), workers);
    }
    assertEquals(units, calculated.get());
  }
}
