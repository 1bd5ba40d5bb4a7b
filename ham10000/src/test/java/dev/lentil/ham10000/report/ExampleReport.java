package dev.lentil.ham10000.report;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.Baseline;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.EvaluationOptions;
import dev.lentil.ham10000.evaluate.ExamplePredictions;
import dev.lentil.ham10000.evaluate.LesionBootstrap;
import dev.lentil.ham10000.evaluate.LogisticBaseline;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.report.ReportInput.DatasetRow;
import dev.lentil.ham10000.report.ReportInput.EpochRow;
import dev.lentil.ham10000.report.ReportInput.MethodStep;
import dev.lentil.ham10000.report.ReportInput.ModelRow;
import dev.lentil.ham10000.report.ReportInput.PublishedResult;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/** A report of made-up numbers in a realistic shape. {@code main FILE binary|seven-class} writes it to look at. */
final class ExampleReport {
  private static final EvaluationOptions QUICK =
      new EvaluationOptions(new LesionBootstrap(300, 42, 0.95), 0.866, 10);

  private ExampleReport() {}

  public static void main(String[] arguments) {
    var predictions = arguments[1].equals("binary") ? ExamplePredictions.binary() : ExamplePredictions.sevenClass();
    HtmlReport.write(input(predictions), Path.of(arguments[0]));
  }

  static ReportInput input(Predictions predictions) {
    return new ReportInput("Example: MobileNetV2 on made-up lesions",
        "Numbers made up for a test. Two stages of transfer learning, split by lesion, threshold chosen on validation.",
        method(), configuration(), environment(), dataset(), samples(), model(), epochs(),
        "The training loss is weighted by class, the validation loss is not.",
        evaluation(predictions, "mean colour (logistic regression)"),
        Optional.of(PublishedResult.PAPER), Optional.of(cases()), Optional.of(modelCard()),
        Optional.of(Card.resource("ham10000-card.txt", Map.of())),
        List.of("Nothing here was measured: <b>this page shows only what a report looks like</b>."));
  }

  private static CaseGallery cases() {
    var picture = SampleImage.dataUri(png(3), "picture");
    var shown = List.of(new CaseGallery.Case("DRAWN_1", "mel, Melanoma", 0.02, picture, picture, picture));
    return new CaseGallery("Made up.", picture,
        List.of(new CaseGallery.Group("missed", "Missed", "Malignant, called benign.", shown),
            new CaseGallery.Group("false-alarm", "False alarms", "Benign, called malignant.", List.of())));
  }

  private static Card modelCard() {
    var texts = new LinkedHashMap<String, String>();
    List.of("model", "program", "licences", "evaluation_data", "training_data", "results", "caveats")
        .forEach(place -> texts.put(place, "The " + place + " of nothing."));
    return Card.resource("model-card.txt", texts);
  }

  private static List<MethodStep> method() {
    return List.of(
        new MethodStep("Images", "10,015 dermatoscopic images, seven diagnoses"),
        new MethodStep("Labels", "malignant: mel, bcc, akiec; benign: nv, bkl, df, vasc"),
        new MethodStep("Split by lesion", "70 / 15 / 15, stratified, seed 42; no lesion in two subsets"),
        new MethodStep("Preparation", "resize to 224 x 224, scale to -1..1; augmentation in training only"),
        new MethodStep("Stage 1", "base frozen, Adam 3e-4, at most 10 epochs"),
        new MethodStep("Stage 2", "from block_16 on, Adam 1e-5, at most 20 epochs, early stopping on validation AUC"),
        new MethodStep("Threshold", "chosen on validation"),
        new MethodStep("Evaluation", "on test images, once"));
  }

  private static Map<String, String> configuration() {
    var map = new LinkedHashMap<String, String>();
    map.put("preset", "paper-intent");
    map.put("resolution", "224 x 224");
    map.put("batch", "32");
    map.put("stage 1 learning rate", "3.0e-4");
    map.put("stage 2 learning rate", "1.0e-5");
    map.put("dropout", "0.3");
    map.put("class weights", "0.6193860, 2.5940485");
    map.put("seed", "42");
    map.put("augmentation", "rotation 20, shift 0.1, zoom 0.1, flips");
    return map;
  }

  private static Map<String, String> environment() {
    var map = new LinkedHashMap<String, String>();
    map.put("backend", "cpu, AVX-512, 2 threads");
    map.put("Java", "25.0.3, Temurin");
    map.put("system", "Linux, 2 cores");
    return map;
  }

  private static List<DatasetRow> dataset() {
    var split = ExamplePredictions.split();
    var rows = new ArrayList<DatasetRow>();
    for (var diagnosis : Diagnosis.values()) {
      rows.add(new DatasetRow(diagnosis.code() + (diagnosis.malignant() ? " (malignant)" : " (benign)"),
          count(split, diagnosis, Subset.TRAIN), count(split, diagnosis, Subset.VALIDATION),
          count(split, diagnosis, Subset.TEST)));
    }
    return rows;
  }

  private static int count(Split split, Diagnosis diagnosis, Subset subset) {
    return Math.toIntExact(split.of(subset).stream().filter(m -> m.row().diagnosis() == diagnosis).count());
  }

  private static List<SampleImage> samples() {
    var samples = new ArrayList<SampleImage>();
    for (var diagnosis : Diagnosis.values()) {
      samples.add(SampleImage.of(png(diagnosis.ordinal()), diagnosis.fullName(), diagnosis.malignant()));
    }
    return samples;
  }

  private static byte[] png(int variant) {
    var image = new BufferedImage(120, 90, BufferedImage.TYPE_INT_RGB);
    var graphics = image.createGraphics();
    graphics.setColor(new Color(0xE8C2AC));
    graphics.fillRect(0, 0, 120, 90);
    graphics.setColor(new Color(0x7A4A38 + variant * 0x080402));
    graphics.fillOval(25 + variant, 15, 70 - 3 * variant, 60);
    graphics.dispose();
    var out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static List<ModelRow> model() {
    var rows = new ArrayList<ModelRow>();
    rows.add(new ModelRow("input", "image, scaled to -1..1", "224 x 224 x 3", 0, ModelRow.FROZEN));
    rows.add(new ModelRow("Conv1", "convolution 3 x 3, stride 2", "112 x 112 x 32", 992, ModelRow.FROZEN));
    rows.add(new ModelRow("expanded_conv", "inverted residual", "112 x 112 x 16", 992, ModelRow.FROZEN));
    var sizes = new int[] {56, 56, 28, 28, 28, 14, 14, 14, 14, 14, 14, 14, 7, 7, 7, 7};
    var channels = new int[] {24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320};
    int before = 16;
    for (int i = 0; i < sizes.length; i++) {
      long wide = 6L * before;
      rows.add(new ModelRow("block_" + (i + 1),
          i == 0 || sizes[i] != sizes[i - 1] ? "inverted residual, stride 2" : "inverted residual",
          sizes[i] + " x " + sizes[i] + " x " + channels[i],
          before * wide + 9 * wide + wide * channels[i] + 8 * wide + 4L * channels[i],
          i == 15 ? "stage 2" : ModelRow.FROZEN));
      before = channels[i];
    }
    rows.add(new ModelRow("Conv_1", "convolution 1 x 1", "7 x 7 x 1280", 414_720, "stage 2"));
    rows.add(new ModelRow("pool, dropout", "global average, dropout 0.3", "1280", 0, "both stages"));
    rows.add(new ModelRow("dense", "sigmoid", "1", 1281, "both stages"));
    return rows;
  }

  private static List<EpochRow> epochs() {
    var rows = new ArrayList<EpochRow>();
    for (int i = 0; i < 18; i++) {
      int stage = i < 8 ? 1 : 2;
      double progress = 1 - Math.exp(-i / 5.0);
      double wave = 0.01 * Math.sin(3 * i);
      rows.add(new EpochRow(stage, stage == 1 ? i + 1 : i - 7, 0.68 - 0.32 * progress, 0.62 + 0.25 * progress,
          0.66 + 0.28 * progress, 0.62 - 0.22 * progress + 2 * wave, 0.66 + 0.19 * progress + wave,
          0.70 + 0.20 * progress + wave, stage == 1 ? 3e-4 : 1e-5, stage == 1 ? 41.5 : 66.2));
    }
    return rows;
  }

  /** @param baseline the name of the baseline */
  static Evaluation evaluation(Predictions predictions, String baseline) {
    var simple = LogisticBaseline.predict(ExamplePredictions.split(),
        member -> new double[] {member.imageId().hashCode() % 101,
            member.imageId().hashCode() % 7 + (member.row().diagnosis().malignant() ? 1 : 0)});
    return Evaluation.of(predictions, List.of(new Baseline(baseline, simple)), QUICK);
  }
}
