package dev.lentil.ham10000.cli;

/**
 * Whether the JDK's incubating Vector API is in this process, and how wide its preferred vectors are.
 *
 * @param floatLanes floats in one preferred vector, 0 when absent
 */
record VectorApi(boolean present, int floatLanes) {
  /** Asks by reflection: only the engine's vector backend may be compiled against the module. */
  static VectorApi current() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return new VectorApi(false, 0);
    }
    try {
      var species = Class.forName("jdk.incubator.vector.FloatVector").getField("SPECIES_PREFERRED").get(null);
      var length = Class.forName("jdk.incubator.vector.VectorSpecies").getMethod("length");
      return new VectorApi(true, (int) length.invoke(species));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the module jdk.incubator.vector is there, but not as this Lentil knows it", e);
    }
  }

  String text() {
    return present
        ? floatLanes * Float.SIZE + "-bit vectors, " + floatLanes + " floats"
        : "absent, plain Java is used, many times slower; start Java with --add-modules jdk.incubator.vector";
  }
}
