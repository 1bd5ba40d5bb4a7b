package dev.lentil.ham10000.demo;

import dev.lentil.ham10000.UsageError;
import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Pixels;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.evaluate.Baseline;
import dev.lentil.ham10000.evaluate.BaselineResult;
import dev.lentil.ham10000.evaluate.LogisticBaseline;
import dev.lentil.ham10000.image.Pictures;
import dev.lentil.ham10000.report.Card;
import dev.lentil.ham10000.report.SampleImage;
import dev.lentil.ham10000.train.Presentation;
import dev.lentil.ham10000.train.Program;
import dev.lentil.ham10000.train.RunData;
import dev.lentil.ham10000.train.Runs;
import dev.lentil.ham10000.train.TrainingConfig;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.mobilenetv2.image.RgbImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole way from pictures to report on a data set that is drawn on the spot: split by lesion, both training stages of
 * a small MobileNetV2 from {@link DemoBase}, evaluation beside a baseline that knows only mean colours.
 */
public final class Demo {
  private static final int SAMPLES_OF_CLASS = 4;
  /** Side of the sample pictures in the report, in pixels. */
  private static final int SAMPLE_SIZE = 192;
  private static final String CONFIGURATION = "demo.properties";

  /** Settings of a run on photographs, and why the demonstration cannot follow them. */
  private static final Map<String, String> OF_NO_USE = Map.of(
      "data", "draws its pictures; './lentil train' takes a folder",
      "cache", "keeps its pictures in memory; leave it out",
      "resize", "draws its pictures at the network's size; leave it out",
      "weights", "starts from a base; name it with --base, or use --from-scratch",
      "mode", "tells malignant from benign lesions alone; leave it out");

  private Demo() {}

  /** Where the network's weights come from before the two stages. */
  public sealed interface Base {
    /** The base that comes with Lentil. */
    record BuiltIn() implements Base {}

    /** A weight file. */
    record OfFile(Path file) implements Base {}

    /** Random weights. */
    record Untrained() implements Base {}
  }

  /**
   * The result, and what was drawn.
   *
   * @param pictures files of a few test pictures
   */
  public record Outcome(Runs.Finished run, Split split, List<Path> pictures) {
    /** How logistic regression on the mean colour alone fares. */
    public BaselineResult meanColour() {
      return run.result().evaluation().orElseThrow().baselines().getFirst();
    }
  }

  /**
   * The demonstration's configuration, from its resource, then assignments {@code key=value}.
   *
   * @throws UsageError if one of them sets what the demonstration has by itself, or cannot do without
   */
  public static TrainingConfig config(long seed, Base base, List<String> more) {
    var all = new ArrayList<String>();
    all.add("seed=" + seed);
    switch (base) {
      case Base.BuiltIn _ -> {}
      case Base.OfFile(Path file) -> all.add("weights=" + file);
      case Base.Untrained _ -> all.add("weights=random");
    }
    var own = TrainingConfig.parse(resource(), CONFIGURATION, all);
    all.addAll(more);
    var config = TrainingConfig.parse(resource(), CONFIGURATION, all);
    OF_NO_USE.forEach((key, why) -> {
      if (!config.asMap().get(key).equals(own.asMap().get(key))) {
        throw new UsageError("--set " + key + "=" + config.asMap().get(key) + ": the demonstration " + why);
      }
    });
    if (config.resolution().height() != config.resolution().width()) {
      throw new UsageError("--set resolution: the demonstration's pictures are square; use the same height and width");
    }
    if (!config.evaluatesTest()) {
      throw new UsageError(
          "--set evaluation.test: the demonstration shows what comes out on its test pictures; use true");
    }
    return config;
  }

  /**
   * Draws, trains, evaluates and reports.
   *
   * @param folder of the run, new
   * @param seed of pictures and training
   * @param lesions {@link DemoDataset#LESIONS} for the demonstration proper
   * @param more settings, {@code key=value}
   */
  public static Outcome run(Path folder, long seed, int lesions, Base base, List<String> more, Program program,
      PrintWriter screen) {
    TrainingConfig config = config(seed, base, more);
    screen.println("Drawing " + lesions + " lesions");
    screen.flush();
    var dataset = DemoDataset.of(seed, lesions);
    List<RgbImage> images = dataset.paintAll(config.resolution().width());
    var split = config.split(dataset.metadata()).labelled(Task.BINARY);
    Map<String, Integer> indexOf = new HashMap<>();
    dataset.metadata().rows().forEach(row -> indexOf.put(row.imageId(), indexOf.size()));
    var meanColour = new Baseline("logistic regression on the mean colour", LogisticBaseline.predict(split,
        member -> images.get(indexOf.get(member.imageId())).meanColour()));
    var data = new RunData(split, Pixels.of(images), indexOf::get);
    var finished = Runs.startOn(folder, config, data, copy -> open(base, seed, copy), program,
        () -> presentation(dataset, split, meanColour, base), screen);
    return new Outcome(finished, split,
        DemoPictures.write(folder, split, member -> images.get(indexOf.get(member.imageId()))));
  }

  private static Model open(Base base, long seed, Path copy) {
    return switch (base) {
      case Base.BuiltIn _ -> DemoBase.open(copy);
      case Base.OfFile(Path file) -> ModelFile.read(file);
      case Base.Untrained _ -> DemoBase.untrained(seed);
    };
  }

  private static String resource() {
    try (var in = Demo.class.getResourceAsStream(CONFIGURATION)) {
      if (in == null) {
        throw new IllegalStateException(CONFIGURATION + " is not in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Presentation presentation(DemoDataset dataset, Split split, Baseline meanColour,
      Base base) {
    return new Presentation("Lentil's demonstration: drawn lesions",
        "Two-stage transfer learning on pictures that a program drew, from " + switch (base) {
          case Base.BuiltIn _ -> "a base that was trained on another drawn task.";
          case Base.OfFile(Path file) -> "the base " + file.getFileName() + ".";
          case Base.Untrained _ -> "a base with random weights.";
        }, split.members().size() + " drawn pictures that look like dermatoscopy but show no real skin",
        samples(dataset, split),
        List.of(meanColour), Optional.empty(),
        Card.resource("drawn-card.txt", Map.of("composition", split.members().size() + " pictures of "
            + dataset.metadata().rows().stream().map(row -> row.lesionId()).distinct().count() + " drawn lesions.")),
        List.of(
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
          samples.add(SampleImage.of(Pictures.png(Pictures.of(dataset.paint(member.row(), SAMPLE_SIZE))),
              diagnosis.code(), malignant));
        }
      }
    }
    return samples;
  }
}
