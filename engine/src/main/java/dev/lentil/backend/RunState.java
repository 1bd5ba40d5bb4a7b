package dev.lentil.backend;

import dev.lentil.plan.Plan;
import dev.lentil.plan.Step;

/**
 * What changes from run to run, never compiled into a plan.
 *
 * @param seed the run's seed; random numbers depend on it, the stage and the step alone
 * @param stage the training stage, counted from 1
 * @param step the update's number within the stage, counted from 1 (Adam's t); dropout's stream depends on it
 * @param learningRate the optimiser's rate in this step
 */
public record RunState(long seed, int stage, long step, double learningRate) {
  /** For inference, which reads none of it. */
  public static RunState inference() {
    return new RunState(0, 0, 0, 0);
  }

  /**
   * Checks the state before a run. With step 0 Adam would divide by zero, and all parameters would be no numbers any more, as with a
   * learning rate that is none.
   *
   * @throws IllegalArgumentException if the plan updates parameters, and the step is below 1 or the learning rate not finite
   */
  public void requireFits(Plan plan) {
    if ((step < 1 || !Double.isFinite(learningRate)) && plan.steps().stream().anyMatch(s -> s instanceof Step.Update)) {
      throw new IllegalArgumentException(step < 1
          ? "the run's step is " + step + "; updates are counted from 1, so the first run of a plan with an optimiser "
              + "needs a RunState with step 1"
          : "the run's learning rate is " + learningRate + "; it must be a finite number, such as 1e-4");
    }
  }
}
