package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.image.ImageDecoder;
import dev.lentil.ham10000.image.Resize;
import dev.lentil.ham10000.image.RgbImage;
import dev.lentil.ham10000.image.Views;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A trained network with what its weight file says of its use.
 *
 * @param task what it tells apart
 * @param resize how photographs were brought to its size
 * @param views of an image that it was evaluated with
 * @param threshold of the probability of malignancy, above which it calls an image malignant
 */
public record LesionModel(Model model, Task task, Resize resize, Views views, double threshold) {
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
    Model model = ModelFile.read(file);
    if (!is(model)) {
      throw new UserError(file + ": these weights do not say that they judge lesions (no entry '" + TrainedModel.TASK
          + "'); give best.safetensors of a run");
    }
    return of(model);
  }

  /** @param model one that {@link #is} a lesion's */
  public static LesionModel of(Model model) {
    Map<String, String> notes = model.notes();
    Task task = Task.of(notes.get(TrainedModel.TASK));
    Resize resize = "nearest".equals(notes.get(TrainedModel.RESIZE)) ? Resize.NEAREST : Resize.BILINEAR;
    Views views = Views.of(notes.getOrDefault(TrainedModel.VIEWS, Views.ONE.toString()));
    double threshold =
        Optional.ofNullable(notes.get(TrainedModel.THRESHOLD)).map(Double::parseDouble).orElse(DEFAULT_THRESHOLD);
    return new LesionModel(model, task, resize, views, threshold);
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
