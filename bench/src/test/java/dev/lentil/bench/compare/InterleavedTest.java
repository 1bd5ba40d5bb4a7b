package dev.lentil.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class InterleavedTest {
  @Test
  void bothTakeTurnsAndEachIsFirstAsOftenAsTheOther() throws InterruptedException {
    var calls = new StringBuilder();
    var budget = new Budget(Duration.ZERO, 2, Duration.ZERO, 4);
    var measured = Interleaved.measure(() -> calls.append('l'), () -> calls.append('p'), budget);
    assertEquals("lpp" + "lp" + "pl" + "lp" + "pl", calls.toString());
    assertEquals(4, measured.lentilRuns());
    assertEquals(4, measured.peerRuns());
    assertTrue(measured.lentilMillis() > 0 && measured.peerMillis() > 0);
  }

  @Test
  void withoutAWarmUpThePeerRunsOnlyToBeMeasured() throws InterruptedException {
    var calls = new StringBuilder();
    Interleaved.measure(() -> calls.append('l'), () -> calls.append('p'),
        new Budget(Duration.ZERO, 0, Duration.ZERO, 1));
    assertEquals("llp", calls.toString());
  }

  @Test
  void aPeerThatIsCompiledWhileItRunsWarmsUpAsLong() {
    var budget = new Budget(Duration.ofSeconds(8), 0, Duration.ZERO, 1);
    assertEquals(Duration.ofSeconds(2), budget.peerWarmUp());
    assertEquals(Duration.ofSeconds(8), budget.withEqualWarmUp().peerWarmUp());
  }
}
