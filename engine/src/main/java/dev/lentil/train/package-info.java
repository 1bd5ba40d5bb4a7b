/**
 * Training in stages: {@link dev.lentil.train.Trainer} runs {@link dev.lentil.train.Stage}s over
 * {@link dev.lentil.train.TrainingData}, tells a listener what happens, and writes checkpoints from which a run
 * continues to bit-identical weights.
 */
package dev.lentil.train;
