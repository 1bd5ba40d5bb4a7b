package dev.lentil.train;

/** The samples of an evaluation, always the same in the same order. */
@FunctionalInterface
public interface EvaluationData {
  /** All batches, from the first. Weights are not looked at. */
  Batches open();
}
