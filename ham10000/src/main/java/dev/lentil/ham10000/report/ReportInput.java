package dev.lentil.ham10000.report;

import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.metrics.ConfusionMatrix;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the report shows. Texts are plain; the report escapes them.
 *
 * @param title of the page
 * @param summary one or two sentences on what was done
 * @param method the stages of the method, in order (figure 1)
 * @param configuration as key and value, in the order to show
 * @param environment machine, Java, backend, revision
 * @param dataset one row per class or diagnosis
 * @param samples some images of both classes (figure 2)
 * @param model one row per block (figure 3); empty where there are several models that differ
 * @param epochs in the order of training, both stages; empty where nothing was trained in this run
 * @param trainingLoss what the training loss counts that the validation loss does not, a sentence
 * @param evaluation of the run
 * @param published the result to compare with; absent where the data are not those of the paper
 * @param cases images to look at, with maps of what the answers rest on
 * @param modelCard what a reader must know of the network
 * @param dataCard what a reader must know of the images
 * @param notes anything the reader must know, a paragraph each
 */
public record ReportInput(
    String title,
    String summary,
    List<MethodStep> method,
    Map<String, String> configuration,
    Map<String, String> environment,
    List<DatasetRow> dataset,
    List<SampleImage> samples,
    List<ModelRow> model,
    List<EpochRow> epochs,
    String trainingLoss,
    Evaluation evaluation,
    Optional<PublishedResult> published,
    Optional<CaseGallery> cases,
    Optional<Card> modelCard,
    Optional<Card> dataCard,
    List<String> notes) {
  public ReportInput {
    method = List.copyOf(method);
    configuration = Collections.unmodifiableMap(new LinkedHashMap<>(configuration));
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    dataset = List.copyOf(dataset);
    samples = List.copyOf(samples);
    model = List.copyOf(model);
    epochs = List.copyOf(epochs);
    notes = List.copyOf(notes);
  }

  /** One stage of the method, such as "Split by lesion" and "70 / 15 / 15, seed 42". */
  public record MethodStep(String title, String detail) {}

  /** How many images of a class, or a diagnosis, are in each subset. */
  public record DatasetRow(String name, int train, int validation, int test) {}

  /**
   * One block of the network.
   *
   * @param name such as {@code block_3}
   * @param kind "inverted residual", "convolution", or the layer's, such as "Dense"
   * @param output shape, such as "28 x 28 x 32"
   * @param parameters how many
   * @param training when they are trained: {@link #FROZEN}, or such as "stage 2" or "both stages"
   */
  public record ModelRow(String name, String kind, String output, long parameters, String training) {
    /** What {@code training} says of a block that is never trained; its bar is pale. */
    public static final String FROZEN = "frozen";
  }

  /**
   * One epoch of training.
   *
   * @param stage 1 or 2
   * @param epoch counted from 1 within the stage
   * @param auc NaN where it is undefined or was not computed
   * @param seconds it took
   */
  public record EpochRow(
      int stage,
      int epoch,
      double loss,
      double accuracy,
      double auc,
      double valLoss,
      double valAccuracy,
      double valAuc,
      double learningRate,
      double seconds) {}

  /** A published result on the same test images. */
  public record PublishedResult(String name, double threshold, ConfusionMatrix matrix, String remark) {
    /** Sari and Irawan 2026. */
    public static final PublishedResult PAPER = new PublishedResult("Sari and Irawan 2026", 0.86,
        ConfusionMatrix.ofBinary(1167, 32, 229, 57), "as printed; threshold of highest accuracy, AUC not stated");
  }
}
