package dev.lentil.ham10000.train;

import dev.lentil.backend.Backend;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.ham10000.ProbabilityCheck;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Task;
import dev.lentil.mobilenetv2.ImageClassifier;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** A trained network that judges photographs of lesions. Research and teaching only. */
public final class LesionClassifier implements AutoCloseable {
  /**
   * The judgement of one image.
   *
   * @param file the image
   * @param probability of malignancy; of a seven-class network the sum over the malignant diagnoses
   * @param threshold above which the image is called malignant
   * @param diagnoses the probability of each, of a seven-class network; otherwise empty
   */
  public record Judgement(Path file, double probability, double threshold, Map<String, Double> diagnoses) {
    public boolean malignant() {
      return probability > threshold;
    }
  }

  private final ImageClassifier classifier;
  private final LesionModel lesion;
  private final Path weights;

  private LesionClassifier(Path weights, Backend backend, DeviceOptions options) {
    this.weights = weights;
    this.lesion = LesionModel.read(weights);
    this.classifier = ImageClassifier.open(lesion.model(), backend, options);
  }

  /**
   * A weight file of a run.
   *
   * @throws UserError if its head is not one of a run on HAM10000
   */
  public static LesionClassifier ofWeights(Path file, Backend backend, DeviceOptions options) {
    return new LesionClassifier(file, backend, options);
  }

  /**
   * Judges a photograph.
   *
   * @throws UserError if it is none, or the network's answer is no number
   */
  public Judgement judge(Path file) {
    double[] probabilities = probabilities(file);
    var diagnoses = new LinkedHashMap<String, Double>();
    if (lesion.task() == Task.BINARY) {
      return new Judgement(file, probabilities[1], lesion.threshold(), diagnoses);
    }
    for (Diagnosis diagnosis : Diagnosis.values()) {
      diagnoses.put(diagnosis.code(), probabilities[diagnosis.ordinal()]);
    }
    return new Judgement(file, Diagnosis.malignancy(probabilities), lesion.threshold(), diagnoses);
  }

  /** The mean over the views that the network was evaluated with. */
  private double[] probabilities(Path file) {
    float[] probabilities =
        ProbabilityCheck.require(classifier.probabilitiesOverViews(lesion.image(file)), file, weights);
    return IntStream.range(0, probabilities.length).mapToDouble(c -> probabilities[c]).toArray();
  }

  @Override
  public void close() {
    classifier.close();
  }
}
