package dev.lentil.ham10000.train;

import dev.lentil.backend.Device;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.train.TrainingConfig.StageConfig;
import dev.lentil.mobilenetv2.Cut;
import dev.lentil.mobilenetv2.LayerDecay;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.train.Schedule;
import dev.lentil.train.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The stages of a run and where each cuts the network. Stage 1 freezes the base; stage 2 trains from the cut on.
 * Source: Sari and Irawan 2026, training section.
 */
record StagePlan(List<Stage> stages, List<Cut> cuts) {

  /**
   * @param batches in an epoch
   * @throws dev.lentil.ham10000.UserError if the cut is no layer
   */
  static StagePlan of(TrainingConfig config, Network network, int batches) {
    var stages = new ArrayList<Stage>();
    var cuts = new ArrayList<Cut>();
    cuts.add(Cut.headOnly());
    stages.add(stage("head", config, config.stage1(), Cut.headOnly(), network, batches));
    if (config.stage2().epochs() > 0) {
      Cut cut = cut(config, network);
      cuts.add(cut);
      stages.add(stage("fine-tuning", config, config.stage2(), cut, network, batches));
    }
    return new StagePlan(List.copyOf(stages), List.copyOf(cuts));
  }

  /**
   * @throws dev.lentil.ham10000.UserError if there is a second stage and its cut is no layer
   */
  static void requireCut(TrainingConfig config, Network network) {
    if (config.stage2().epochs() > 0) {
      cut(config, network);
    }
  }

  private static Cut cut(TrainingConfig config, Network network) {
    try {
      return Cut.parse(config.cut(), network, config.batchNorm(), config.emptyCut());
    } catch (IllegalArgumentException e) {
      throw config.cutError(
          e.getMessage().replace("--allow-empty-cut", Setting.ALLOW_EMPTY_CUT.key() + " = true"), e);
    }
  }

  private static Stage stage(String name, TrainingConfig config, StageConfig stage, Cut cut, Network network,
      int batches) {
    Loss loss = config.task() != Task.BINARY ? new Loss.CategoricalCrossEntropy() : switch (config.loss()) {
      case LOGITS -> new Loss.BinaryCrossEntropy();
      case KERAS -> new Loss.ClippedBinaryCrossEntropy();
    };
    Map<String, Double> rateFactors =
        stage.layerDecay() == 1 ? Map.of() : LayerDecay.factors(network, stage.layerDecay());
    var spec = new TrainingSpec(cut.trainable(network), config.batchNorm(), loss,
        Optional.of(Optimizer.Adam.keras().withWeightDecay(config.weightDecay())), rateFactors);
    long steps = (long) stage.epochs() * batches;
    long warmUp = Math.round(stage.warmUp() * batches);
    Schedule schedule = switch (stage.schedule()) {
      case CONSTANT -> new Schedule.Constant(stage.learningRate());
      case COSINE -> new Schedule.CosineWithWarmUp(stage.learningRate(), 0, warmUp < steps ? warmUp : 0, steps);
    };
    return new Stage(name, spec, stage.epochs(), schedule, config.stopping(), config.finalWeights(),
        config.weightAveraging());
  }

  /** What a device must have room for, at the largest batches. */
  List<Plan> plans(TrainingConfig config, Device device, Network network) {
    var plans = new ArrayList<Plan>();
    for (Stage stage : stages) {
      plans.add(Planner.training(network, config.batch(), stage.spec(), device.fusions(), Set.of()));
    }
    plans.add(Planner.inference(network, config.evaluationBatch(), device.fusions(), Set.of()));
    return plans;
  }

  /** The names of the parameters, moving statistics included, that a stage must leave as they are. */
  static List<String> untouched(Stage stage, Network network) {
    var trained = stage.spec().trainedParameters(network).stream().map(ParameterSpec::name).toList();
    return network.parameters().stream()
        .filter(spec -> !trained.contains(spec.name()) && (spec.role().learned() || !moves(stage, spec)))
        .map(ParameterSpec::name).toList();
  }

  private static boolean moves(Stage stage, ParameterSpec statistic) {
    return stage.spec().trainable().contains(statistic.layer()) && stage.spec().batchNorm() == BatchNormMode.TRAINING;
  }
}
