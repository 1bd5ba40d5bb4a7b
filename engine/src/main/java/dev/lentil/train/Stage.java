package dev.lentil.train;

import dev.lentil.plan.TrainingSpec;
import java.util.OptionalDouble;

/**
 * One stage of a training run. It starts with a new optimiser state.
 *
 * @param name for messages
 * @param spec what is trained, with which loss and optimiser
 * @param epochs at most
 * @param averaging the decay, from 0 to below 1, of an exponential moving average of all weights; if there is one, the
 *     averaged weights are validated, kept as the best, and left at the end
 */
public record Stage(String name, TrainingSpec spec, int epochs, Schedule schedule, EarlyStopping stopping,
    FinalWeights finalWeights, OptionalDouble averaging) {
  public Stage {
    if (epochs < 1) {
      throw new IllegalArgumentException("stage " + name + ": epochs is " + epochs + ", but must be at least 1");
    }
    if (spec.optimizer().isEmpty()) {
      throw new IllegalArgumentException("stage " + name + " has no optimiser");
    }
    averaging.ifPresent(WeightAverage::requireDecay);
  }

  /** A stage that ends with the weights of its best epoch, without averaging. */
  public Stage(String name, TrainingSpec spec, int epochs, Schedule schedule, EarlyStopping stopping) {
    this(name, spec, epochs, schedule, stopping, FinalWeights.BEST, OptionalDouble.empty());
  }
}
