package dev.lentil.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaErrorTest {
  /** The numbers of cuda.h. */
  @ParameterizedTest
  @CsvSource({"2, smaller batch", "34, stub", "46, nvidia-smi -c DEFAULT", "100, CUDA_VISIBLE_DEVICES",
      "101, CUDA_DEVICE_ORDER", "214, restart the machine", "220, restart the machine", "700, last checkpoint",
      "702, last checkpoint", "710, last checkpoint", "714, last checkpoint", "715, last checkpoint",
      "716, last checkpoint", "717, last checkpoint", "718, last checkpoint", "719, last checkpoint",
      "802, nvidia-fabricmanager", "803, reinstall", "804, cuda-compat", "999, restart the machine"})
  void theRemedyFitsTheError(int error, String part) {
    String remedy = CudaError.remedy(error);
    assertTrue(remedy.contains(part), remedy);
    assertFalse(remedy.contains("selftest"), "it needs files that not everybody has");
  }
}
