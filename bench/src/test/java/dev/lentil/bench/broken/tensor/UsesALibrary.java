package dev.lentil.bench.broken.tensor;

import dev.lentil.bench.broken.nn.UsesTensor;
import org.openjdk.jmh.infra.Blackhole;

/** Engine on a library, and one half of a cycle. */
public record UsesALibrary(Blackhole library, UsesTensor back) {}
