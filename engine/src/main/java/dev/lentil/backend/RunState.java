package dev.lentil.backend;

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
}
