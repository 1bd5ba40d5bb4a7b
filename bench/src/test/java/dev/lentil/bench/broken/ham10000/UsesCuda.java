package dev.lentil.bench.broken.ham10000;

import dev.lentil.bench.broken.backend.cuda.UsesArchitecture;

/** ham10000 on kernels. */
public record UsesCuda(UsesArchitecture cuda) {}
