/** Where the time of an inference or of a training step goes, step by step. */
package dev.lentil.bench.layers;
