package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.image.ImageDecoder;
import dev.lentil.mobilenetv2.Answer;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.mobilenetv2.image.Resize;
import dev.lentil.mobilenetv2.image.RgbImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A trained network with what its weight file says of its use.
 *
 * @param task what it tells apart
 * @param resize how photographs were brought to its size
 * @param threshold of the probability of malignancy, above which it calls an image malignant
 */
public record LesionModel(Model model, Task task, Resize resize, double threshold) {
  /** The answer that every network of lesions can give. */
  public static final String MALIGNANT = "malignant";

  /** Where a weight file says none. */
  private static final double DEFAULT_THRESHOLD = 0.5;

  /** Whether these weights judge lesions, and not something else. */
  public static boolean is(Model model) {
    return model.notes().containsKey(TrainedModel.TASK);
  }

  /**
   * A weight file of a run.
   *
   * @throws UserError if its head is not one of a run on HAM10000
   */
  public static LesionModel read(Path file) {
    Runs.refuseAsWeights(file);
    Model model = ModelFile.read(file);
    if (!is(model)) {
      throw new UserError(file + ": these weights do not say that they judge lesions (no entry '" + TrainedModel.TASK
          + "'); give best.safetensors of a run");
    }
    return of(file, model);
  }

  /**
   * What a weight file says, which others than Lentil may have written.
   *
   * @param model of the file, one that {@link #is} a lesion's
   * @throws UserError if an entry cannot be used
   */
  public static LesionModel of(Path file, Model model) {
    try {
      return of(model);
    } catch (UserError e) {
      throw new UserError(file + ", metadata: " + e.getMessage(), e);
    }
  }

  /** @param model one that {@link #is} a lesion's */
  public static LesionModel of(Model model) {
    Map<String, String> notes = model.notes();
    Task task = Task.of(notes.get(TrainedModel.TASK));
    Resize resize = model.resize().orElse(Resize.BILINEAR);
    double threshold =
        Optional.ofNullable(notes.get(TrainedModel.THRESHOLD)).map(LesionModel::threshold).orElse(DEFAULT_THRESHOLD);
    return new LesionModel(model, task, resize, threshold);
  }

  private static double threshold(String text) {
    try {
      double threshold = Double.parseDouble(text);
      // false for NaN
      if (threshold >= 0 && threshold <= 1) {
        return threshold;
      }
    } catch (NumberFormatException e) {
      throw badThreshold(text, e);
    }
    throw badThreshold(text, null);
  }

  private static UserError badThreshold(String text, Throwable cause) {
    return new UserError(TrainedModel.THRESHOLD + " '" + text + "' is no probability; write a number from 0 to 1",
        cause);
  }

  /** What may be asked of it, by name: its classes, and of seven diagnoses whether it is a malignant or a benign one. */
  public Map<String, Answer> answers() {
    var answers = new LinkedHashMap<String, Answer>();
    List<String> labels = task.labels();
    IntStream.range(0, labels.size()).forEach(i -> answers.put(labels.get(i), Answer.of(i)));
    if (task == Task.SEVEN_CLASS) {
      answers.put(MALIGNANT, together(true));
      answers.put("benign", together(false));
    }
    return answers;
  }

  private static Answer together(boolean malignant) {
    return new Answer(Arrays.stream(Diagnosis.values()).filter(d -> d.malignant() == malignant).map(Diagnosis::ordinal)
        .collect(Collectors.toSet()));
  }

  /**
   * A photograph as the network is shown it.
   *
   * @throws UserError if it is none
   */
  public RgbImage image(Path file) {
    return resize.to(ImageDecoder.decodeDermatoscopic(file), model.architecture().height(),
        model.architecture().width());
  }
}
