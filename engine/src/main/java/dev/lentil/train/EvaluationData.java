package dev.lentil.train;

/** What is evaluated on: always the same samples in the same order. */
@FunctionalInterface
public interface EvaluationData {
  /** All batches, from the first. Weights are not looked at. */
  Batches open();
}
