package dev.lentil.bench.broken.mobilenetv2;

import dev.lentil.bench.broken.weights.UsesApplication;

/** mobilenetv2 on weights-import. */
public record UsesWeights(UsesApplication weights) {}
