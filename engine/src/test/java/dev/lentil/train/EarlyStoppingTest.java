package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
  private static EarlyStopping.State after(EarlyStopping stopping, double... values) {
    var state = EarlyStopping.State.START;
    for (int i = 0; i < values.length; i++) {
      var metrics = new Metrics(values[i], values[i], values[i]);
      state = stopping.after(state, new EpochRecord(1, i + 1, 1e-3, metrics, metrics, 1));
    }
    return state;
  }

  @Test
  void theSameValueIsNoImprovement() {
    var stopping = new EarlyStopping(Monitor.VAL_AUC, 2);
    var state = after(stopping, 0.6, 0.7, 0.7);
    assertEquals(new EarlyStopping.State(0.7, 2, 1), state);
    assertFalse(stopping.stops(state));
    assertTrue(stopping.stops(after(stopping, 0.6, 0.7, 0.7, 0.69)));
  }

  @Test
  void anImprovementStartsTheCountAgain() {
    var stopping = new EarlyStopping(Monitor.VAL_AUC, 2);
    var state = after(stopping, 0.6, 0.5, 0.61, 0.5);
    assertEquals(new EarlyStopping.State(0.61, 3, 1), state);
  }

  @Test
  void aLossImprovesDownwards() {
    var stopping = new EarlyStopping(Monitor.VAL_LOSS, 1);
    assertEquals(2, after(stopping, 0.6, 0.5).bestEpoch());
    assertTrue(stopping.stops(after(stopping, 0.5, 0.6)));
  }

  @Test
  void anUndefinedValueNeverIsTheBest() {
    var stopping = new EarlyStopping(Monitor.VAL_AUC, 3);
    assertEquals(new EarlyStopping.State(0.4, 2, 1), after(stopping, Double.NaN, 0.4, Double.NaN));
    assertEquals(0, after(stopping, Double.NaN).bestEpoch());
  }

  @Test
  void neverNeverStops() {
    var stopping = EarlyStopping.never(Monitor.VAL_AUC);
    assertFalse(stopping.stops(after(stopping, 0.9, 0.1, 0.1, 0.1)));
    assertFalse(stopping.canStop());
    assertTrue(new EarlyStopping(Monitor.VAL_AUC, 1).canStop());
  }

  @Test
  void noPatienceIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new EarlyStopping(Monitor.VAL_AUC, 0));
  }
}
