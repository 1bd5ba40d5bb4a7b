package dev.lentil.bench.broken.weights;

import dev.lentil.bench.broken.ham10000.UsesCuda;

/** weights-import on ham10000. */
public record UsesApplication(UsesCuda application) {}
