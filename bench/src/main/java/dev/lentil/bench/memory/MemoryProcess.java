package dev.lentil.bench.memory;

import dev.lentil.backend.DeviceOptions;
import dev.lentil.bench.contender.Images;
import dev.lentil.bench.contender.Inference;
import dev.lentil.bench.contender.LentilInference;
import dev.lentil.bench.contender.LentilTraining;
import dev.lentil.bench.contender.OnnxRuntimeInference;
import dev.lentil.bench.contender.TorchTraining;
import dev.lentil.bench.contender.Training;
import dev.lentil.bench.contender.TrainingTask;
import dev.lentil.bench.machine.Together;
import dev.lentil.mobilenetv2.ImageClassifier;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.ModelFile;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A process that does some work a few times and ends, for its memory to be watched. */
final class MemoryProcess {
  static final int CALLERS = 4;

  private static final int INFERENCES = 20;
  private static final int TRAINING_STEPS = 3;

  private MemoryProcess() {}

  /**
   * @param args the work, {@code infer}, {@code train}, or {@code callers}: {@value #CALLERS} threads that infer at once; by
   *     whom; the batch size; the threads, of each caller; the file, which for {@code onnxruntime} is an ONNX file and a
   *     model's otherwise; rows and columns of an image
   */
  public static void main(String[] args) {
    int batch = Integer.parseInt(args[2]);
    int threads = Integer.parseInt(args[3]);
    Path file = Path.of(args[4]);
    switch (args[0] + " " + args[1]) {
      case "infer lentil" -> infer(LentilInference.of(file, batch, 1, threads));
      case "infer onnxruntime" -> infer(onnxRuntime(file, batch, threads, args));
      case "callers lentil" -> {
        var classifier = ImageClassifier.open(file, new DeviceOptions(threads), CALLERS);
        Together.nanos(CALLERS, _ -> classify(classifier));
      }
      case "callers lentil apart" -> {
        List<ImageClassifier> each = Stream.generate(() -> ImageClassifier.open(file, new DeviceOptions(threads)))
            .limit(CALLERS).toList();
        Together.nanos(CALLERS, caller -> classify(each.get(caller)));
      }
      case "callers onnxruntime" -> {
        Inference session = onnxRuntime(file, batch, threads, args);
        Together.nanos(CALLERS, _ -> infer(session));
      }
      case "train lentil" -> train(LentilTraining.of(file, batch, threads));
      case "train pytorch" -> train(new TorchTraining(TrainingTask.of(ModelFile.read(file), batch), threads));
      default -> throw new IllegalArgumentException("no such work: " + args[0] + " " + args[1]);
    }
    // native libraries may leave threads behind
    System.exit(0);
  }

  private static Inference onnxRuntime(Path file, int batch, int threads, String[] args) {
    // the images' size does not depend on the weights, which this process need not hold twice
    var network = MobileNetV2.imageNet()
        .withResolution(Integer.parseInt(args[5]), Integer.parseInt(args[6])).network();
    return new OnnxRuntimeInference(file, Images.random(network, batch, 1), threads);
  }

  private static void classify(ImageClassifier classifier) {
    int[] pixels = new int[classifier.height() * classifier.width()];
    for (int i = 0; i < INFERENCES; i++) {
      classifier.probabilities(pixels);
    }
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
