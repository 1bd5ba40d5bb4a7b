package dev.lentil.bench.broken.backend.cuda;

import dev.lentil.bench.broken.mobilenetv2.UsesWeights;

/** kernels on mobilenetv2. */
public record UsesArchitecture(UsesWeights architecture) {}
