package dev.lentil.train;

import dev.lentil.plan.TrainingSpec;

/**
 * One stage of a training run. It starts with fresh optimiser memory.
 *
 * @param name for people
 * @param spec what is trained, with which loss and optimiser
 * @param epochs at most
 */
public record Stage(String name, TrainingSpec spec, int epochs, Schedule schedule, EarlyStopping stopping,
    FinalWeights finalWeights) {
  public Stage {
    if (epochs < 1) {
      throw new IllegalArgumentException("stage " + name + ": epochs is " + epochs + ", but must be at least 1");
    }
    if (spec.optimizer().isEmpty()) {
      throw new IllegalArgumentException("stage " + name + " has no optimiser");
    }
  }
}
