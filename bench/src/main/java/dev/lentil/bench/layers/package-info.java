/** Where the time of an inference goes, step by step. */
package dev.lentil.bench.layers;
