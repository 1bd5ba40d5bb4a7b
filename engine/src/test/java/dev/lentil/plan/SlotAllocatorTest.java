package dev.lentil.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotAllocatorTest {
  private static Value value(Plan plan, String name) {
    return plan.values().stream().filter(value -> value.name().equals(name)).findFirst().orElseThrow();
  }

  private static int slot(Plan plan, String name) {
    return value(plan, name).slot();
  }

  /** Of one pixel, so that a value has as many numbers as channels. */
  @Test
  void theSmallestFreeSlotThatIsLargeEnoughIsTakenElseTheLargestGrows() {
    var b = Network.builder();
    b.add(new Layer.Input("in", Shape.of(1, 1, 4)));
    b.add(Layer.Conv2d.pointwise("a", 30));
    b.add(Layer.Conv2d.pointwise("b", 30));
    b.add(Layer.Conv2d.pointwise("c", 10));
    b.add(Layer.Conv2d.pointwise("d", 30));
    b.add(new Layer.Add("e"), "a", "d");
    b.add(Layer.Conv2d.pointwise("f", 9));
    b.add(Layer.Conv2d.pointwise("g", 40));
    b.add(Layer.Conv2d.pointwise("h", 8));
    b.add(Layer.Conv2d.pointwise("out", 2));
    Plan plan = Planner.inference(b.build(), 1, Set.of(), Set.of());
    assertEquals(slot(plan, "a"), slot(plan, "e"), "the sum is made in place");
    assertEquals(slot(plan, "b"), slot(plan, "d"), "b is free when d is written");
    assertEquals(slot(plan, "c"), slot(plan, "f"), "10 are enough for 9, 30 are more");
    assertTrue(Set.of(slot(plan, "a"), slot(plan, "b")).contains(slot(plan, "g")), "30 grow to 40, 10 stay");
    assertEquals(slot(plan, "c"), slot(plan, "h"), "10 are enough for 8");
    assertEquals(List.of(2L, 4L, 10L, 30L, 40L), plan.slots().stream().map(Slot::size).sorted().toList());
  }

  /** Neither what the caller writes nor what it reads is written over. */
  @Test
  void inputAndTapsAreNotWrittenOver() {
    var b = Network.builder();
    b.add(new Layer.Input("in", Shape.of(1, 1, 4)));
    b.add(new Layer.Relu6("a"));
    b.add(new Layer.Relu6("b"));
    b.add(new Layer.Relu6("c"));
    b.add(new Layer.Relu6("out"));
    Network network = b.build();
    Plan plan = Planner.inference(network, 1, Set.of(), Set.of());
    assertEquals(3, plan.slots().size());
    assertEquals(1, Set.copyOf(List.of(slot(plan, "a"), slot(plan, "b"), slot(plan, "c"))).size());
    Plan tapped = Planner.inference(network, 1, Set.of(), Set.of("b"));
    assertEquals(4, tapped.slots().size(), "c is made where a was");
    assertNotEquals(slot(tapped, "a"), slot(tapped, "b"));
    assertNotEquals(slot(tapped, "b"), slot(tapped, "c"));
  }

  /** What is kept for the way back grows with the depth, gradients do not: they follow each other in the same memory. */
  @Test
  void aDeeperNetworkTakesNoMoreMemoryForGradients() {
    int kept = 2 * 4 * 4 * 8;
    assertEquals(6 * kept, trainingElements(9) - trainingElements(3), "what each rectifier gave");
  }

  private static long trainingElements(int convolutions) {
    var b = Network.builder();
    b.add(new Layer.Input("in", Shape.of(4, 4, 3)));
    IntStream.range(0, convolutions).forEach(i -> {
      b.add(Layer.Conv2d.pointwise("conv" + i, 8));
      b.add(new Layer.Relu6("relu" + i));
    });
    b.add(new Layer.GlobalAveragePool("pool"));
    b.add(new Layer.Dense("dense", 1));
    b.add(new Layer.Sigmoid("sigmoid"));
    Network network = b.build();
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 1), BatchNormMode.TRAINING,
        new Loss.BinaryCrossEntropy(), Optional.of(Optimizer.Adam.keras()));
    return Planner.training(network, 2, spec, Set.of(), Set.of()).elements();
  }
}
