package dev.lentil.backend.cpu;

/**
 * The Graal compiler, which GraalVM has in place of HotSpot's own. What it makes of the vector kernels takes longer, of
 * those for 512 bits several times as long: docs/performance.md, "GraalVM".
 */
public final class GraalCompiler {
  /** Whether it compiles this process. */
  public static final boolean USED = used();

  /** What to do about it. */
  static final String REMEDY =
      "GraalVM's compiler makes slower code of the kernels than HotSpot's own: start java with -XX:-UseJVMCICompiler";

  private GraalCompiler() {}

  /**
   * Asks by reflection, as the engine needs no module but java.base. A runtime image without the module that can be asked has
   * no Graal compiler either, unless somebody linked one of GraalVM with its compiler.
   */
  private static boolean used() {
    try {
      Class<?> bean = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
      Object options = Class.forName("java.lang.management.ManagementFactory")
          .getMethod("getPlatformMXBean", Class.class).invoke(null, bean);
      Object option = bean.getMethod("getVMOption", String.class).invoke(options, "UseJVMCICompiler");
      return "true".equals(option.getClass().getMethod("getValue").invoke(option));
    } catch (ReflectiveOperationException e) {
      // also where a Java machine that can have no other compiler knows no such option
      return false;
    }
  }
}
