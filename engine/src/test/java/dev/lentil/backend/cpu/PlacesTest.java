package dev.lentil.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.Slot;
import dev.lentil.plan.Value;
import dev.lentil.plan.Value.Placement;
import dev.lentil.tensor.Shape;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesTest {
  /** Values of falling size take turns: early ones of a sample, late ones of the samples taken together. */
  private static Plan plan(int batch) {
    var b = Network.builder();
    b.add(new Layer.Input("in", Shape.of(8, 8, 3)));
    for (int channels : new int[] {40, 24, 16, 12, 10, 8}) {
      b.add(Layer.Conv2d.pointwise("early" + channels, channels));
    }
    b.add(new Layer.GlobalAveragePool("pool"));
    for (int units : new int[] {1000, 500, 300, 200, 100, 7}) {
      b.add(new Layer.Dense("late" + units, units));
    }
    return Planner.inference(b.build(), batch, Set.of(), Set.of());
  }

  @ParameterizedTest
  @CsvSource({"1,false", "1,true", "5,false", "5,true"})
  void whatTakesTurnsHasOneMiddle(int batch, boolean together) {
    Plan plan = plan(batch);
    var places = new Places(plan, together);
    var moved = EnumSet.noneOf(Placement.class);
    for (Value value : plan.values()) {
      Slot slot = plan.slots().get(value.slot());
      int first = places.first(value.id()) - Kernels.FRONT;
      long size = value.size(places.isShared(slot) ? batch : 1);
      assertEquals(0, first % Places.LINE, value.name());
      assertTrue(first >= 0 && first + size <= places.elements(slot), value.name());
      if (value.placement() != Placement.BATCH) {
        assertEquals(places.elements(slot) / 2.0, first + size / 2.0, Places.LINE, value.name());
      }
      if (first > 0) {
        moved.add(value.placement());
      }
    }
    assertEquals(EnumSet.of(Placement.SAMPLE, Placement.GROUP), moved);
  }

  @Test
  void valuesOfTheBatchBeginInFront() {
    Plan plan = plan(3);
    var places = new Places(plan, true);
    assertEquals(Placement.BATCH, plan.value(plan.input()).placement());
    assertEquals(Kernels.FRONT, places.first(plan.input()));
  }
}
