package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final List<EpochRecord> EPOCHS = List.of(
      new EpochRecord(1, 1, 3e-4, new Metrics(0.7, 0.5, 0.1 + 0.2), new Metrics(0.6, 0.75, Double.NaN), 12.5),
      new EpochRecord(2, 1, 1e-5, new Metrics(1e-9, 1, 1), new Metrics(0.5, 0.5, 0.5), 60));

  @Test
  void isOneLineForEachEpoch() {
    assertEquals("""
        stage,epoch,learning_rate,loss,accuracy,auc,val_loss,val_accuracy,val_auc,seconds
        1,1,3.0E-4,0.7,0.5,0.30000000000000004,0.6,0.75,NaN,12.5
        2,1,1.0E-5,1.0E-9,1.0,1.0,0.5,0.5,0.5,60.0
        """, History.csv(EPOCHS));
  }

  @Test
  void readsBackExactly() {
    assertEquals(EPOCHS, History.parse(History.csv(EPOCHS)));
    assertEquals(List.of(), History.parse(History.csv(List.of())));
  }

  @Test
  void refusesWhatIsNoHistory() {
    assertThrows(NumberFormatException.class, () -> History.parse(""));
    assertThrows(NumberFormatException.class, () -> History.parse("a,b\n"));
    assertThrows(NumberFormatException.class, () -> History.parse(History.csv(EPOCHS) + "3,1\n"));
  }
}
