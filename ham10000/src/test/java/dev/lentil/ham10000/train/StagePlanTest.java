package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UsageError;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.train.Schedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class StagePlanTest {
  private static final int BATCHES = 221;
  private static final Network NETWORK = MobileNetV2.keras(1.0, 224, 224, Head.binary()).network();

  private static StagePlan plan(String... assignments) {
    return StagePlan.of(TrainingConfig.of(List.of(), List.of(assignments)), NETWORK, BATCHES);
  }

  private static long trained(StagePlan plan, int stage) {
    return plan.stages().get(stage).spec().trainedParameters(NETWORK).stream().mapToLong(p -> p.shape().size()).sum();
  }

  @Test
  void theCutsTrainWhatTheyDoInKeras() {
    assertEquals(1_281, trained(plan(), 0));
    assertEquals(1_281, trained(plan("stage2.cut=paper-literal"), 1));
    assertEquals(887_361, trained(plan("stage2.cut=paper-intent"), 1));
    assertEquals(880_321, trained(plan("stage2.cut=143", "batch-norm=frozen"), 1));
    assertEquals(2_225_153, trained(plan("stage2.cut=full"), 1));
  }

  @Test
  void stageTwoCanBeLeftOut() {
    assertEquals(1, plan("stage2.epochs=0").stages().size());
  }

  @Test
  void aCutThatIsNoLayerIsAnErrorOfItsKey() {
    var e = assertThrows(UsageError.class, () -> plan("stage2.cut=block_17"));
    assertTrue(e.getMessage().startsWith("--set, key stage2.cut: 'block_17' cannot be used; "), e.getMessage());
    var empty = assertThrows(UsageError.class, () -> plan("stage2.cut=160"));
    assertTrue(empty.getMessage().contains("stage2.allow-empty-cut = true"), empty.getMessage());
    assertEquals(1_281, trained(plan("stage2.cut=160", "stage2.allow-empty-cut=true"), 1));
  }

  @Test
  void schedulesSpanTheStage() {
    assertEquals(new Schedule.Constant(1e-5), plan().stages().get(1).schedule());
    assertEquals(new Schedule.CosineWithWarmUp(1e-5, 0, BATCHES, 20L * BATCHES),
        plan("stage2.schedule=cosine").stages().get(1).schedule());
    assertEquals(new Schedule.CosineWithWarmUp(1e-5, 0, 111, 20L * BATCHES),
        plan("stage2.schedule=cosine", "stage2.warm-up=0.5").stages().get(1).schedule());
    assertEquals(new Schedule.CosineWithWarmUp(3e-4, 0, 0, BATCHES),
        plan("stage1.schedule=cosine", "stage1.epochs=1").stages().getFirst().schedule());
  }

  @Test
  void layerDecaySlowsTheSecondStageAlone() {
    var plan = plan("stage2.cut=full", "stage2.layer-decay=0.5", "weight-decay=0.01", "weight-averaging=0.99");
    assertEquals(Map.of(), plan.stages().getFirst().spec().rateFactors());
    var spec = plan.stages().get(1).spec();
    assertEquals(1, spec.rateFactor("predictions"));
    assertEquals(0.25, spec.rateFactor("block_16_expand"));
    for (var stage : plan.stages()) {
      assertEquals(Optional.of(Optimizer.Adam.keras().withWeightDecay(0.01)), stage.spec().optimizer());
      assertEquals(OptionalDouble.of(0.99), stage.averaging());
    }
    assertEquals(Map.of(), plan("stage2.cut=full").stages().get(1).spec().rateFactors());
  }

  @Test
  void theLossFollowsTheMode() {
    assertInstanceOf(Loss.BinaryCrossEntropy.class, plan().stages().getFirst().spec().loss());
    assertInstanceOf(Loss.ClippedBinaryCrossEntropy.class, plan("loss=keras").stages().getFirst().spec().loss());
    assertInstanceOf(Loss.CategoricalCrossEntropy.class, plan("mode=seven-class").stages().getFirst().spec().loss());
  }

  @Test
  void untouchedIsEverythingBelowTheCut() {
    var head = plan().stages().getFirst();
    assertEquals(NETWORK.parameters().size() - 2, StagePlan.untouched(head, NETWORK).size());
    var intent = plan("stage2.cut=paper-intent").stages().get(1);
    var untouched = StagePlan.untouched(intent, NETWORK);
    assertTrue(untouched.contains("block_15_project_BN/moving_mean"));
    assertFalse(untouched.contains("block_16_expand_BN/moving_mean"));
    var frozen = plan("stage2.cut=paper-intent", "batch-norm=frozen").stages().get(1);
    assertTrue(StagePlan.untouched(frozen, NETWORK).contains("block_16_expand_BN/moving_mean"));
  }
}
