package dev.lentil.backend.cuda.nvrtc;

import java.util.List;

/** The calls of NVRTC that Lentil needs. */
public sealed interface Nvrtc permits JCudaNvrtc, NativeNvrtc {
  /** For people and for the cache's keys: {@code NVRTC 13.0}. */
  String version();

  /** The architectures that it can compile for: 90 for compute capability 9.0. */
  List<Integer> architectures();

  /**
   * Compiles to machine code.
   *
   * @param options such as {@code --gpu-architecture=sm_90}
   * @throws dev.lentil.backend.BackendException with the compiler's log if it refuses
   */
  byte[] compile(KernelSource source, List<String> options);
}
