package dev.lentil.plan;

import dev.lentil.nn.Network;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a backend executes: steps in phases over numbered values, for one batch size.
 *
 * @param batch the number of samples
 * @param input the value that the images are bound to
 * @param taps the values that can be read after a run, by layer name; always holds the output layer of an inference plan
 *     and the logits of a training plan
 * @param spec present if the plan trains (or calculates gradients)
 */
public record Plan(Network network, int batch, List<Value> values, List<Slot> slots, List<Phase> phases, int input,
    Map<String, Integer> taps, Optional<TrainingSpec> spec) {
  public Plan {
    values = List.copyOf(values);
    slots = List.copyOf(slots);
    phases = List.copyOf(phases);
    taps = Map.copyOf(taps);
  }

  public Value value(int id) {
    return values.get(id);
  }

  /**
   * @throws IllegalArgumentException if the layer's output is not kept
   */
  public Value tap(String layer) {
    Integer id = taps.get(layer);
    if (id == null) {
      throw new IllegalArgumentException(
          "the plan keeps no output of layer '" + layer + "'; it keeps " + taps.keySet());
    }
    return values.get(id);
  }

  /** All steps, in order. */
  public List<Step> steps() {
    return phases.stream().flatMap(phase -> phase.steps().stream()).toList();
  }

  /** The elements of all slots, those for one sample once: what one thread's run needs. */
  public long elements() {
    return slots.stream().mapToLong(Slot::size).sum();
  }

  /** A line for each step: its phase, what it is, the values that it reads and those that it writes with their shapes. */
  @Override
  public String toString() {
    return "plan for batches of " + batch + ", " + steps().size() + " steps" + phases.stream()
        .flatMap(phase -> phase.steps().stream().map(step -> String.format(Locale.ROOT, "\n%-11s  %-27s  %s -> %s",
            phase.kind(), step.getClass().getSimpleName(), names(step.reads(), false), names(step.writes(), true))))
        .collect(Collectors.joining());
  }

  private String names(List<Integer> ids, boolean shapes) {
    return ids.stream().map(id -> value(id).name() + (shapes ? value(id).shape() : ""))
        .collect(Collectors.joining(", "));
  }
}
