package dev.lentil.train;

import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What must not change between the parts of a run, as text. Learning rates, the number of epochs and the patience may change:
 * then a different result is intended. Everything of a stage that has not begun may change too.
 */
final class RunDescription {
  private RunDescription() {}

  /** @param reached how far the run has come */
  static String of(Trainer.Settings settings, TrainingData data, Network network, Position reached) {
    var text = new StringBuilder("seed " + settings.seed() + ", " + data.samples() + " samples in batches of "
        + data.batchSize() + ", " + settings.auc() + " AUC");
    // a run that goes on may have fewer stages than have begun: then its text is another, as it should be
    for (Stage stage : settings.stages().stream().limit(reached.stagesBegun()).toList()) {
      List<String> trained = stage.spec().trainedParameters(network).stream().map(ParameterSpec::name).toList();
      text.append("; ").append(stage.name()).append(": ").append(trained.size()).append(" trained tensors (SHA-256 ")
          .append(TensorDigest.of(String.join("\n", trained), Map.of()).substring(0, 16))
          .append("), batch normalisation ").append(stage.spec().batchNorm()).append(", ")
          .append(stage.spec().loss()).append(", ").append(stage.spec().optimizer().orElseThrow())
          .append(", by ").append(stage.stopping().monitor()).append(", ").append(stage.finalWeights())
          .append(", averaging ").append(stage.averaging()).append(", rate factors ")
          .append(new TreeMap<>(stage.spec().rateFactors()));
    }
    return text.toString();
  }
}
