package dev.lentil.ham10000.train;

import dev.lentil.backend.Backend;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.image.ImageDecoder;
import dev.lentil.ham10000.image.Normalization;
import dev.lentil.ham10000.image.Resize;
import dev.lentil.ham10000.image.RgbImage;
import dev.lentil.ham10000.image.Transform;
import dev.lentil.ham10000.image.Views;
import dev.lentil.mobilenetv2.ImageClassifier;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A trained network that judges photographs of lesions. Research and teaching only. */
public final class LesionClassifier implements AutoCloseable {
  /** The classifier scales its input itself. */
  private static final Normalization PIXELS = Normalization.of(InputScaling.ZERO_TO_ONE);
  /** Where a weight file says none. */
  private static final double DEFAULT_THRESHOLD = 0.5;

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
  private final Task task;
  private final Resize resize;
  private final Views views;
  private final double threshold;

  private LesionClassifier(ImageClassifier classifier, Task task, Resize resize, Views views, double threshold) {
    this.classifier = classifier;
    this.task = task;
    this.resize = resize;
    this.views = views;
    this.threshold = threshold;
  }

  /** The weights that a run ended with. */
  public static LesionClassifier ofRun(Path run, Backend backend, DeviceOptions options) {
    return ofWeights(TrainingRun.weightsToUse(run, Runs.configOf(run)), backend, options);
  }

  /**
   * A weight file of a run.
   *
   * @throws UserError if its head is not one of a run on HAM10000
   */
  public static LesionClassifier ofWeights(Path file, Backend backend, DeviceOptions options) {
    Model model = ModelFile.read(file);
    Map<String, String> notes = model.notes();
    if (!notes.containsKey(TrainedModel.TASK)) {
      throw new UserError(file + ": these weights do not say that they judge lesions (no entry '" + TrainedModel.TASK
          + "'); give best.safetensors of a run");
    }
    Task task = Task.of(notes.get(TrainedModel.TASK));
    Resize resize = "nearest".equals(notes.get(TrainedModel.RESIZE)) ? Resize.NEAREST : Resize.BILINEAR;
    Views views = Views.of(notes.getOrDefault(TrainedModel.VIEWS, Views.ONE.toString()));
    double threshold =
        Optional.ofNullable(notes.get(TrainedModel.THRESHOLD)).map(Double::parseDouble).orElse(DEFAULT_THRESHOLD);
    return new LesionClassifier(ImageClassifier.open(model, backend, options), task, resize, views, threshold);
  }

  /**
   * Judges a photograph.
   *
   * @throws UserError if it is none
   */
  public Judgement judge(Path file) {
    RgbImage image = resize.to(ImageDecoder.decodeDermatoscopic(file), classifier.height(), classifier.width());
    double[] probabilities = probabilities(image);
    var diagnoses = new LinkedHashMap<String, Double>();
    double malignant = 0;
    if (task == Task.BINARY) {
      malignant = probabilities[1];
    } else {
      for (Diagnosis diagnosis : Diagnosis.values()) {
        diagnoses.put(diagnosis.code(), probabilities[diagnosis.ordinal()]);
        malignant += diagnosis.malignant() ? probabilities[diagnosis.ordinal()] : 0;
      }
    }
    return new Judgement(file, malignant, threshold, diagnoses);
  }

  /** The mean over the views that the network was evaluated with. */
  private double[] probabilities(RgbImage image) {
    var sum = new double[task.labels().size()];
    float[] values = new float[image.rgb().length];
    for (Transform view : views.transforms()) {
      view.apply(image.rgb(), image.height(), image.width(), PIXELS, values, 0);
      for (int i = 0; i < values.length; i++) {
        values[i] *= 255;
      }
      float[] probabilities = classifier.probabilities(values);
      for (int c = 0; c < sum.length; c++) {
        sum[c] += probabilities[c] / views.transforms().size();
      }
    }
    return sum;
  }

  @Override
  public void close() {
    classifier.close();
  }
}
