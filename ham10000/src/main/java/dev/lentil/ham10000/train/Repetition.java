package dev.lentil.ham10000.train;

import dev.lentil.ham10000.Once;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.EvaluationText;
import dev.lentil.ham10000.train.TrainingConfig.Assignment;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The same configuration with several seeds, and on several folds of the lesions: how much of a result is chance.
 *
 * @param seeds at least one, and none twice
 * @param folds absent for the configured split
 */
public record Repetition(List<Long> seeds, Optional<Integer> folds) {
  public Repetition {
    seeds = List.copyOf(seeds);
    Once.require("a seed", seeds);
  }

  /** A measure of the test images, at the threshold of highest accuracy on validation where it needs one. */
  private record Measure(String name, ToDoubleFunction<Evaluation> of) {}

  private static final List<Measure> MEASURES = List.of(
      new Measure("test AUC", evaluation -> evaluation.test().auc().estimate()),
      new Measure("accuracy", evaluation -> evaluation.primary().matrix().accuracy()),
      new Measure("sensitivity", evaluation -> evaluation.primary().matrix().sensitivity()),
      new Measure("specificity", evaluation -> evaluation.primary().matrix().specificity()));

  private record Planned(String name, TrainingConfig config) {}

  private record Done(String name, RunSeries.Result result) {}

  /** All runs; a setting that cannot be used shows before the first of them. */
  private List<Planned> planned(Function<List<Assignment>, TrainingConfig> config) {
    var planned = new ArrayList<Planned>();
    for (long seed : seeds) {
      var ofSeed = Assignment.onCommandLine("--seeds", Setting.SEED.key() + "=" + seed);
      if (folds.isEmpty()) {
        planned.add(new Planned("seed-" + seed, config.apply(List.of(ofSeed))));
      } else {
        IntStream.rangeClosed(1, folds.get()).forEach(fold -> planned.add(new Planned("fold-" + fold + "-seed-" + seed,
            config.apply(List.of(ofSeed, ofFolds(Setting.SPLIT, "kfold"), ofFolds(Setting.SPLIT_FOLDS, folds.get()),
                ofFolds(Setting.SPLIT_FOLD, fold))))));
      }
    }
    return planned;
  }

  private static Assignment ofFolds(Setting setting, Object value) {
    return Assignment.onCommandLine("--folds", setting.key() + "=" + value);
  }

  /**
   * Trains every run; writes {@code runs.md} and {@code runs.csv} after each.
   *
   * @param recipe and files, and settings, as {@link TrainingConfig#of}
   * @param firstStages a folder of runs of the same names, whose first stages these begin with
   * @return the table in Markdown
   */
  public String run(Path out, Optional<Recipe> recipe, List<Path> files, List<String> settings,
      Optional<Path> firstStages, Program program, PrintWriter screen) {
    // every mistake shows before hours of training, and a setting that cannot be used before anything is written
    var all = planned(own -> TrainingConfig.ofAssignments(recipe, files,
        Stream.concat(settings.stream().map(text -> new Assignment(text, Origin.SET)), own.stream()).toList()));
    var series = new RunSeries(out, program, screen);
    var done = new ArrayList<Done>();
    TextTable table = new TextTable(List.of(), List.of());
    firstStages.ifPresent(runs -> all.stream().filter(planned -> !Runs.isRun(out.resolve(planned.name)))
        .forEach(planned -> new FirstStage(runs.resolve(planned.name), planned.config)));
    all.forEach(planned -> series.requireInputs(planned.name, planned.config));
    for (Planned planned : all) {
      done.add(new Done(planned.name, series.run(planned.name, planned.config,
          firstStages.map(runs -> runs.resolve(planned.name)))));
      table = table(done);
      table.write(out, "runs", (folds.isPresent() ? folds.get() + "-fold cross-validation" : "Several seeds")
          + (recipe.isPresent() ? ", recipe " + recipe.get() : ""));
    }
    return table.markdown();
  }

  private static TextTable table(List<Done> done) {
    boolean tested = done.stream().allMatch(d -> d.result.test().isPresent());
    var header = new ArrayList<>(List.of("run", "validation AUC"));
    var mean = new ArrayList<>(List.of("mean ± SD",
        Spread.of(done.stream().map(d -> d.result.validationAuc()).toList()).text()));
    if (tested) {
      for (Measure measure : MEASURES) {
        header.add(measure.name);
        mean.add(Spread.of(done.stream().map(d -> measure.of.applyAsDouble(d.result.test().orElseThrow())).toList())
            .text());
      }
    }
    var rows = new ArrayList<List<String>>();
    for (Done d : done) {
      var row = new ArrayList<>(List.of(d.name, EvaluationText.fixed(d.result.validationAuc())));
      if (tested) {
        MEASURES
            .forEach(measure -> row.add(EvaluationText.fixed(measure.of.applyAsDouble(d.result.test().orElseThrow()))));
      }
      rows.add(row);
    }
    rows.add(mean);
    return new TextTable(header, rows);
  }
}
