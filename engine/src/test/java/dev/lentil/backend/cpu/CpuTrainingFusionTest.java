package dev.lentil.backend.cpu;

import dev.lentil.backend.contract.TrainingFusionContract;
import org.junit.jupiter.api.Tag;

@Tag("species")
class CpuTrainingFusionTest extends TrainingFusionContract {
  @Override
  protected String backend() {
    return "cpu";
  }
}
