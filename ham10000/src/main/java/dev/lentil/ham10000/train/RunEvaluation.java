package dev.lentil.ham10000.train;

import dev.lentil.backend.Device;
import dev.lentil.backend.ParameterBank;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.evaluate.Ensemble;
import dev.lentil.ham10000.evaluate.EvaluationJson;
import dev.lentil.ham10000.evaluate.Prediction;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.ham10000.image.Transform;
import dev.lentil.json.Json;
import dev.lentil.nn.Loss;
import dev.lentil.train.Evaluator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Shows a trained network the validation images, and the test images where it may, and judges what it says. */
final class RunEvaluation {
  private RunEvaluation() {}

  /** Predictions of the configured views, averaged. */
  static Predictions predict(Device device, ParameterBank bank, RunData data, TrainingConfig config) {
    Task task = data.split().task();
    Loss loss = task == Task.BINARY ? new Loss.BinaryCrossEntropy() : new Loss.CategoricalCrossEntropy();
    try (var evaluator = new Evaluator(device, bank, loss)) {
      return Ensemble.mean(config.views().all().stream().map(Transform::of)
          .map(view -> new Predictions(task, rows(evaluator, data, config, view))).toList());
    }
  }

  private static List<Prediction> rows(Evaluator evaluator, RunData data, TrainingConfig config, Transform view) {
    var rows = new ArrayList<Prediction>();
    for (var subset : config.evaluatesTest()
        ? List.of(Split.Subset.VALIDATION, Split.Subset.TEST)
        : List.of(Split.Subset.VALIDATION)) {
      double[][] outputs = evaluator.evaluate(data.evaluation(subset, config, view)).rows();
      var members = data.split().of(subset);
      for (int i = 0; i < members.size(); i++) {
        rows.add(data.split().task() == Task.BINARY
            ? Prediction.binary(members.get(i), outputs[i][0])
            : Prediction.sevenClass(members.get(i), outputs[i]));
      }
    }
    return rows;
  }

  /** Writes {@code predictions.csv} and {@code evaluation.json} into a folder. */
  static void write(Predictions predictions, RunResult result, Path folder) {
    PredictionsFile.write(predictions, folder.resolve(PredictionsFile.FILE_NAME));
    RunFolder.write(folder.resolve(EvaluationJson.FILE_NAME), Json.pretty(result.json()) + "\n");
  }
}
