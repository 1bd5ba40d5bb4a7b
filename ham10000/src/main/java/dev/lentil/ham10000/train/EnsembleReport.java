package dev.lentil.ham10000.train;

import dev.lentil.backend.DeviceChoice;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.report.CaseGallery;
import dev.lentil.ham10000.report.HtmlReport;
import dev.lentil.ham10000.report.ReportInput;
import dev.lentil.ham10000.report.ReportInput.MethodStep;
import dev.lentil.ham10000.report.ReportInput.ModelRow;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.mobilenetv2.image.Views;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Gathers what the report of an ensemble shows: as of a run, but for the training, which is in the runs' own reports. What
 * the runs have in common is told once, what differs of each.
 *
 * @param views of each image, all runs alike; absent where each run has those that it was evaluated with
 * @param device what calculates the maps of cases
 * @param data of the first run
 * @param presentation of the runs
 */
record EnsembleReport(List<Path> runs, Optional<Views> views, DeviceChoice device, RunData data, Evaluation evaluation,
    Presentation presentation) {

  /** Writes {@code report.html} and its figures. */
  void write(Path out) {
    List<TrainingConfig> configs = runs.stream().map(Runs::configOf).toList();
    List<Model> models = runs.stream().map(run -> ModelFile.read(Runs.weights(run))).toList();
    Map<String, String> environment =
        joined(runs.stream().map(run -> RunEnvironment.read(RunFolder.environment(run))).toList());
    var notes = new ArrayList<>(presentation.notes());
    Optional<CaseGallery> cases = Optional.empty();
    if (configs.stream().map(HamImages::cacheFile).map(Path::getFileName).distinct().count() == 1) {
      runs.forEach(run -> Inputs.requireSameImages(run, data));
      cases = Optional.of(CaseMaps.of(models, data, evaluation, device));
    } else {
      notes.add("The networks see images of different sizes, so there are no maps of what their mean rests on.");
    }
    HtmlReport.write(new ReportInput(presentation.title() + ", mean of " + networks(), summary(), method(configs),
        configuration(configs), environment, ReportRows.dataset(data.split()), presentation.samples(),
        rows(configs, models), List.of(), "", evaluation, presentation.published(), cases,
        Optional.of(
            ModelCard.of(model(configs, models), models.getFirst(), environment, data, evaluation, presentation)),
        Optional.of(presentation.dataCard()), notes), RunFolder.report(out));
  }

  private String networks() {
    return runs.size() == 1 ? "one network" : runs.size() + " networks";
  }

  private String summary() {
    return "The mean of the probabilities of " + networks()
        + views.map(v -> " for " + v.all().size() + " views of each image").orElse("") + ". "
        + presentation.summary();
  }

  private List<MethodStep> method(List<TrainingConfig> configs) {
    var steps = new ArrayList<MethodStep>();
    steps.add(ReportRows.dataStep(presentation));
    steps.add(ReportRows.splitStep(data.split(), configs.getFirst()));
    configs.stream().map(ReportRows::preprocessingStep).distinct().forEach(steps::add);
    steps.add(
        new MethodStep("Networks", runs.stream().map(run -> run.toAbsolutePath().normalize().getFileName().toString())
            .collect(Collectors.joining(", ")) + ", each trained as its own report says"));
    steps.add(new MethodStep("Mean", "of the probabilities; views of an image: " + viewsText(configs)));
    steps.add(ReportRows.EVALUATION_STEP);
    return steps;
  }

  private String viewsText(List<TrainingConfig> configs) {
    return views.map(Views::toString)
        .orElseGet(() -> configs.stream().map(config -> config.views().toString()).distinct()
            .collect(Collectors.joining("; ")));
  }

  private Map<String, String> configuration(List<TrainingConfig> configs) {
    Map<String, String> all = joined(configs.stream().map(TrainingConfig::asMap).toList());
    all.put(Setting.EVALUATION_VIEWS.key(), viewsText(configs));
    return all;
  }

  /** What is alike, once; else each value that there is, in the order of the runs. */
  private static Map<String, String> joined(List<Map<String, String>> maps) {
    var values = new LinkedHashMap<String, Set<String>>();
    maps.forEach(
        map -> map.forEach((key, value) -> values.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(value)));
    var joined = new LinkedHashMap<String, String>();
    values.forEach((key, set) -> joined.put(key, String.join("; ", set)));
    return joined;
  }

  /** Empty where the networks are not all of one shape, trained alike. */
  private List<ModelRow> rows(List<TrainingConfig> configs, List<Model> models) {
    List<List<ModelRow>> each = IntStream.range(0, models.size()).mapToObj(i -> {
      var network = models.get(i).architecture().network();
      return ReportRows.model(network,
          StagePlan.of(configs.get(i), network, data.training(configs.get(i)).batches()));
    }).distinct().toList();
    return each.size() == 1 ? each.getFirst() : List.of();
  }

  private String model(List<TrainingConfig> configs, List<Model> models) {
    return "The mean of " + networks() + ": " + IntStream.range(0, models.size())
        .mapToObj(i -> ModelCard.text(models.get(i), configs.get(i))).distinct().collect(Collectors.joining(" "));
  }
}
