package dev.lentil.bench.broken.nn;

import dev.lentil.bench.broken.tensor.UsesALibrary;
import jdk.incubator.vector.FloatVector;

/** The other half of a cycle, and the Vector API outside its package. */
public record UsesTensor(UsesALibrary tensor, FloatVector vector) {}
