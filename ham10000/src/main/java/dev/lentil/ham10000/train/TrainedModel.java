package dev.lentil.ham10000.train;

import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelMetadata;
import java.util.LinkedHashMap;
import java.util.Map;

/** The model that a run trains: the base of a weight file under a new head, and the notes that its own files carry. */
final class TrainedModel {
  static final String TASK = "task";
  static final String THRESHOLD = "threshold";

  private TrainedModel() {}

  /**
   * The model before training. The head is new (Glorot-uniform kernel by the seed, zero bias) whatever the file has.
   *
   * @param base from the weight file
   * @throws ConfigException as {@link #requireFits}
   */
  static Model untrained(TrainingConfig config, Model base) {
    requireFits(config, base);
    Model model = base.withHead(head(config), config.seed());
    return new Model(architecture(config, base), config.scaling(), model.weights(), notes(config, model));
  }

  private static MobileNetV2 architecture(TrainingConfig config, Model base) {
    var size = config.resolution();
    return base.architecture().withHead(head(config)).withResolution(size.height(), size.width())
        .withBnMomentum(config.batchNormMomentum());
  }

  /**
   * Requires that a base can be trained as configured.
   *
   * @throws ConfigException if its width is not the configured one, or its input not what nobody configured otherwise
   * @throws dev.lentil.ham10000.UserError if the cut is no layer
   */
  static void requireFits(TrainingConfig config, Model base) {
    if (base.architecture().alpha() != config.alpha()) {
      throw new ConfigException(config.weights() + ": these weights are of alpha " + base.architecture().alpha()
          + ", the configuration has alpha " + config.alpha() + "; set " + Setting.ALPHA.key() + " = "
          + base.architecture().alpha() + " or choose other " + Setting.WEIGHTS.key());
    }
    config.requireScalingOf(base.scaling());
    StagePlan.requireCut(config, architecture(config, base).network());
  }

  private static Head head(TrainingConfig config) {
    return new Head.Transfer(RunData.outputs(config.task()), config.dropout());
  }

  private static Map<String, String> notes(TrainingConfig config, Model model) {
    var notes = new LinkedHashMap<>(model.notes());
    notes.put(TASK, config.task().toString());
    notes.put(ModelMetadata.RESIZE, config.resize().toString());
    notes.put(ModelMetadata.VIEWS, config.views().toString());
    return notes;
  }

  /** The model with the threshold above which it calls an image malignant. */
  static Model with(Model model, double threshold) {
    var notes = new LinkedHashMap<>(model.notes());
    notes.put(THRESHOLD, Double.toString(threshold));
    return new Model(model.architecture(), model.scaling(), model.weights(), notes);
  }
}
