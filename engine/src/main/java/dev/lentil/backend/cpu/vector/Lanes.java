package dev.lentil.backend.cpu.vector;

import dev.lentil.backend.cpu.GraalCompiler;
import dev.lentil.backend.cpu.KernelProvider;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The one vector width that all kernels use, fixed at start so that the JIT sees constants. */
final class Lanes {
  static final VectorSpecies<Float> SPECIES = species();
  /** Floats per vector. */
  static final int COUNT = SPECIES.length();

  private Lanes() {}

  private static VectorSpecies<Float> species() {
    return switch (System.getProperty(KernelProvider.SPECIES_PROPERTY, "preferred")) {
      case "128" -> FloatVector.SPECIES_128;
      case "256" -> FloatVector.SPECIES_256;
      case "512" -> FloatVector.SPECIES_512;
      default -> preferred();
    };
  }

  private static VectorSpecies<Float> preferred() {
    VectorSpecies<Float> widest = FloatVector.SPECIES_PREFERRED;
    // Graal makes code of the tiles of 512 bits that takes more than twice as long as that of the narrower ones
    return GraalCompiler.USED && widest.vectorBitSize() > 256 ? FloatVector.SPECIES_256 : widest;
  }

  /** The lanes of the vector at {@code from} that lie below {@code end}. */
  static VectorMask<Float> below(int from, int end) {
    return SPECIES.indexInRange(from, end);
  }
}
