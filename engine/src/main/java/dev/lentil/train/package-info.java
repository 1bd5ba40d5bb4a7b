/**
 * Training in stages: {@link dev.lentil.train.Trainer} runs {@link dev.lentil.train.Stage}s over
 * {@link dev.lentil.train.TrainingData}, reports events to a listener, and writes checkpoints. A run that continues
 * from a checkpoint ends with bit-identical weights.
 */
package dev.lentil.train;
