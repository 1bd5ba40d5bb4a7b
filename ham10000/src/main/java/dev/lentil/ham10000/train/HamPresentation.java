package dev.lentil.ham10000.train;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.data.DatasetVerifier.Expectation;
import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.evaluate.Baseline;
import dev.lentil.ham10000.evaluate.MetadataBaseline;
import dev.lentil.ham10000.report.Card;
import dev.lentil.ham10000.report.ReportInput.PublishedResult;
import dev.lentil.ham10000.report.SampleImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The presentation of a run on HAM10000, or on a folder like it, which is not called HAM10000 unless its counts are those published. */
final class HamPresentation {
  /** Benign and malignant images of the paper's test subset. */
  private static final int[] PAPER_TEST = {1199, 286};

  private static final int SAMPLES_OF_CLASS = 4;

  private HamPresentation() {}

  /** @param configs of one run, or of several that are judged as one, trained on the same images */
  static Presentation of(HamImages images, List<TrainingConfig> configs) {
    TrainingConfig config = configs.getFirst();
    // malignant or benign is judged whatever the network tells apart
    Split split = images.data().split().labelled(Task.BINARY);
    boolean published = Expectation.HAM10000.isMetBy(split.members().stream().map(Split.Member::row).toList());
    boolean paperSplit = published && Arrays.equals(split.counts(Split.Subset.TEST), PAPER_TEST);
    int count = split.members().size();
    return new Presentation(
        "MobileNetV2 on " + (published ? "HAM10000" : "the folder \"" + folder(config) + "\"") + ", "
            + config.task() + ", " + each(configs, HamPresentation::trained, " and "),
        each(configs, HamPresentation::summary, " "),
        published
            ? "HAM10000 (Tschandl et al. 2018, CC BY-NC 4.0): " + count + " dermatoscopic images"
            : "The folder \"" + folder(config) + "\": " + count + " images",
        samples(images),
        baselines(split), paperSplit ? Optional.of(PublishedResult.PAPER) : Optional.empty(),
        published
            ? Card.resource("ham10000-card.txt", Map.of())
            : Card.resource("own-card.txt", Map.of("folder", folder(config), "composition", composition(split))),
        notes(published));
  }

  private static String each(List<TrainingConfig> configs, Function<TrainingConfig, String> text, String between) {
    return configs.stream().map(text).distinct().collect(Collectors.joining(between));
  }

  /** The name of the data's folder: the whole path says nothing elsewhere. */
  private static String folder(TrainingConfig config) {
    Path whole = config.data().toAbsolutePath().normalize();
    return (whole.getFileName() == null ? whole : whole.getFileName()).toString();
  }

  private static String composition(Split split) {
    List<Metadata.Row> rows = split.members().stream().map(Split.Member::row).toList();
    return rows.size() + " images of " + rows.stream().map(Metadata.Row::lesionId).distinct().count() + " lesions: "
        + Arrays.stream(Diagnosis.values())
            .map(diagnosis -> diagnosis.code() + " "
                + rows.stream().filter(row -> row.diagnosis() == diagnosis).count())
            .collect(Collectors.joining(", "))
        + ".";
  }

  /** What was trained, in one sentence. */
  static String summary(TrainingConfig config) {
    return "Transfer learning after Sari and Irawan 2026, from the weights " + config.weights().getFileName()
        + (config.stage2().epochs() == 0
            ? ", in one stage: the head alone."
            : ", in two stages, the second with the "
                + trained(config) + ".");
  }

  private static String trained(TrainingConfig config) {
    return config.stage2().epochs() == 0 ? "head alone" : "cut " + config.cut();
  }

  /** The simple models that every network is judged beside. */
  static List<Baseline> baselines(Split split) {
    return List.of(
        new Baseline("logistic regression on age, sex and site, no image", MetadataBaseline.predict(split)));
  }

  private static List<String> notes(boolean published) {
    return List.of(
        "The paper does not state the magnitudes of its augmentation nor its normalisation; this run's are in the configuration.",
        "Thresholds marked optimistic were chosen on the very images they are judged by.",
        (published ? "Sampling noise of a test AUC near 0.92 is about 0.022 either way; another" : "Another")
            + " seed gives another network.");
  }

  /** The first test images of different diagnoses, as published. */
  private static List<SampleImage> samples(HamImages images) {
    var samples = new ArrayList<SampleImage>();
    for (boolean malignant : new boolean[] {false, true}) {
      var seen = new ArrayList<String>();
      for (var member : images.data().split().of(Split.Subset.TEST)) {
        var diagnosis = member.row().diagnosis();
        var file = images.index().files().get(member.imageId());
        if (diagnosis.malignant() == malignant && !seen.contains(diagnosis.code()) && seen.size() < SAMPLES_OF_CLASS) {
          seen.add(diagnosis.code());
          try {
            samples.add(SampleImage.of(Files.readAllBytes(file), diagnosis.code() + " " + member.imageId(), malignant));
          } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + Reason.of(e) + ")", e);
          }
        }
      }
    }
    return samples;
  }
}
