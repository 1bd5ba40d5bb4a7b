package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.train.EpochRecord;
import dev.lentil.train.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
  private static List<EpochRecord> epochs(double... seconds) {
    var metrics = new Metrics(0.5, 0.5, 0.5);
    return IntStream.range(0, seconds.length)
        .mapToObj(i -> new EpochRecord(1, i + 1, 1e-3, metrics, metrics, seconds[i])).toList();
  }

  private static double median(double... seconds) {
    return Measurements.of(epochs(seconds), new PeakMemory(1, "resident")).stages().getFirst().medianSeconds();
  }

  @Test
  void theMedianOfAnEvenNumberOfEpochsIsTheMeanOfTheMiddleTwo() {
    assertEquals(2.5, median(10, 3, 1, 2));
    assertEquals(3, median(10, 3, 1));
  }

  @Test
  void eachStageHasItsOwnTimes() {
    var history = new ArrayList<>(epochs(1, 3));
    EpochRecord first = history.getFirst();
    history.add(new EpochRecord(2, 1, 1e-3, first.training(), first.validation(), 10));
    assertEquals(List.of(new Measurements.StageTime(1, 2, 2, 4), new Measurements.StageTime(2, 1, 10, 10)),
        Measurements.of(history, new PeakMemory(1, "resident")).stages());
  }
}
