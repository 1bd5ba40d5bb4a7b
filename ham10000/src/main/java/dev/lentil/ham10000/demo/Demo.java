package dev.lentil.ham10000.demo;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Pixels;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.LogisticBaseline;
import dev.lentil.ham10000.image.RgbImage;
import dev.lentil.ham10000.report.ReportInput.Baseline;
import dev.lentil.ham10000.report.SampleImage;
import dev.lentil.ham10000.train.Presentation;
import dev.lentil.ham10000.train.Program;
import dev.lentil.ham10000.train.RunData;
import dev.lentil.ham10000.train.Runs;
import dev.lentil.ham10000.train.TrainingConfig;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/**
 * The whole way from pictures to report on a data set that is drawn on the spot: split by lesion, both training stages of
 * a small MobileNetV2 from {@link DemoBase}, evaluation beside a baseline that knows only mean colours.
 */
public final class Demo {
  private static final int SAMPLES_OF_CLASS = 4;
  /** Side of the sample pictures in the report, in pixels. */
  private static final int SAMPLE_SIZE = 192;

  private static final List<String> SETTINGS =
      List.of("data=drawn", "weights=built-in", "cache=none", "alpha=" + DemoBase.ALPHA,
          "resolution=" + DemoBase.SIZE + "x" + DemoBase.SIZE, "batch-norm.momentum=" + DemoBase.MOMENTUM,
          "stage1.epochs=3",
          "stage1.learning-rate=3e-3", "stage2.epochs=60", "stage2.learning-rate=3e-3", "stage2.schedule=cosine",
          "stage2.cut=full",
          "dropout=0.1", "early-stopping.patience=0", "checkpoint.batches=1000");

  private Demo() {}

  /** The result and the baseline's. */
  public record Outcome(Runs.Finished run, Evaluation meanColour) {}

  /**
   * @param seed of pictures and training
   * @param lesions {@link DemoDataset#LESIONS} for the demonstration proper
   * @param more settings, {@code key=value}
   */
  public static Outcome run(Path folder, long seed, int lesions, List<String> more, Program program,
      PrintWriter screen) {
    var settings = new ArrayList<>(SETTINGS);
    settings.add("seed=" + seed);
    settings.addAll(more);
    TrainingConfig config = TrainingConfig.of(List.of(), settings);
    screen.println("Drawing the lesions");
    screen.flush();
    var dataset = DemoDataset.of(seed, lesions);
    List<RgbImage> images = dataset.paintAll(config.resolution().width());
    var split = Split.of(dataset.metadata(), Task.BINARY, config.splitSeed());
    Map<String, Integer> indexOf = new HashMap<>();
    dataset.metadata().rows().forEach(row -> indexOf.put(row.imageId(), indexOf.size()));
    var meanColour = Evaluation.of(LogisticBaseline.predict(split,
        member -> MeanColour.of(images.get(indexOf.get(member.imageId())))));
    var data = new RunData(split, Pixels.of(images), indexOf::get);
    var finished =
        Runs.startOn(folder, config, data, DemoBase::open, program, () -> presentation(dataset, split, meanColour),
            screen);
    return new Outcome(finished, meanColour);
  }

  private static Presentation presentation(DemoDataset dataset, Split split, Evaluation meanColour) {
    return new Presentation("Lentil's demonstration: drawn lesions",
        "Two-stage transfer learning on pictures that a program drew, from a base that learned another drawn task.",
        split.members().size() + " drawn pictures that look like dermatoscopy and show nobody's skin",
        samples(dataset, split),
        List.of(new Baseline("Logistic regression on the mean colour", meanColour)), Optional.empty(), List.of(
            "The pictures are drawn. Nothing here says anything about real lesions.",
            "Benign and malignant differ in border, colour variety and structure, not in mean colour."));
  }

  private static List<SampleImage> samples(DemoDataset dataset, Split split) {
    var samples = new ArrayList<SampleImage>();
    for (boolean malignant : new boolean[] {false, true}) {
      var seen = EnumSet.noneOf(Diagnosis.class);
      for (var member : split.of(Split.Subset.TEST)) {
        var diagnosis = member.row().diagnosis();
        if (diagnosis.malignant() == malignant && seen.size() < SAMPLES_OF_CLASS && seen.add(diagnosis)) {
          samples.add(SampleImage.of(png(dataset.paint(member.row(), SAMPLE_SIZE)), diagnosis.code(), malignant));
        }
      }
    }
    return samples;
  }

  private static byte[] png(RgbImage image) {
    var picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < image.width() * image.height(); i++) {
      picture.setRGB(i % image.width(), i / image.width(), (image.rgb()[3 * i] & 0xFF) << 16
          | (image.rgb()[3 * i + 1] & 0xFF) << 8 | image.rgb()[3 * i + 2] & 0xFF);
    }
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
