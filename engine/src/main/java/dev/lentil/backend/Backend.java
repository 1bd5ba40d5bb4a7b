package dev.lentil.backend;

/**
 * A way to execute plans: the float64 reference, the CPU, a GPU. Found by {@link java.util.ServiceLoader}. The interface
 * works on whole plans, so that nothing virtual is called between the steps of one.
 */
public interface Backend {
  /** The name that selects it: {@code reference}, {@code cpu}, {@code cuda}. */
  String name();

  /** Whether it can run here, and if not, why and what would help. It may try what it finds, leaves nothing open and never throws. */
  Availability probe();

  /**
   * @throws BackendException if the backend is not available
   */
  Device open(DeviceOptions options);
}
