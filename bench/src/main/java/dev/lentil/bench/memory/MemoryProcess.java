package dev.lentil.bench.memory;

import dev.lentil.bench.contender.Images;
import dev.lentil.bench.contender.Inference;
import dev.lentil.bench.contender.LentilInference;
import dev.lentil.bench.contender.LentilTraining;
import dev.lentil.bench.contender.OnnxRuntimeInference;
import dev.lentil.bench.contender.TorchTraining;
import dev.lentil.bench.contender.Training;
import dev.lentil.bench.contender.TrainingTask;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.ModelFile;
import java.nio.file.Path;

/** A process that does some work a few times and ends, for its memory to be watched. */
final class MemoryProcess {
  private static final int INFERENCES = 20;
  private static final int TRAINING_STEPS = 3;

  private MemoryProcess() {}

  /**
   * @param args the work, {@code infer} or {@code train}; by whom; the batch size; the threads; the file, which for
   *     {@code onnxruntime} is an ONNX file and a model's otherwise; rows and columns of
   *     an image
   */
  public static void main(String[] args) {
    int batch = Integer.parseInt(args[2]);
    int threads = Integer.parseInt(args[3]);
    Path file = Path.of(args[4]);
    switch (args[0] + " " + args[1]) {
      case "infer lentil" -> infer(LentilInference.of(file, batch, 1, threads));
      case "infer onnxruntime" -> {
        // the images' size does not depend on the weights, which this process need not hold twice
        var network = MobileNetV2.imageNet()
            .withResolution(Integer.parseInt(args[5]), Integer.parseInt(args[6])).network();
        infer(new OnnxRuntimeInference(file, Images.random(network, batch, 1), threads));
      }
      case "train lentil" -> train(LentilTraining.of(file, batch, threads));
      case "train pytorch" -> train(new TorchTraining(TrainingTask.of(ModelFile.read(file), batch), threads));
      default -> throw new IllegalArgumentException("no such work: " + args[0] + " " + args[1]);
    }
    // native libraries may leave threads behind
    System.exit(0);
  }

  private static void infer(Inference inference) {
    for (int i = 0; i < INFERENCES; i++) {
      inference.run();
    }
  }

  private static void train(Training training) {
    for (int i = 0; i < TRAINING_STEPS; i++) {
      training.step();
    }
  }
}
