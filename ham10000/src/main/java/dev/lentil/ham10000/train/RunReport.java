package dev.lentil.ham10000.train;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.report.HtmlReport;
import dev.lentil.ham10000.report.ReportInput;
import dev.lentil.ham10000.report.ReportInput.DatasetRow;
import dev.lentil.ham10000.report.ReportInput.EpochRow;
import dev.lentil.ham10000.report.ReportInput.MethodStep;
import dev.lentil.ham10000.report.ReportInput.ModelRow;
import dev.lentil.mobilenetv2.Cut;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.train.EpochRecord;
import dev.lentil.train.Schedule;
import dev.lentil.train.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Gathers what the report of a run shows. */
record RunReport(TrainingConfig config, Map<String, String> environment, RunData data, Model model, StagePlan plan,
    List<EpochRecord> history, Evaluation evaluation, Presentation presentation) {

  /** Writes {@code report.html} and its figures. */
  void write(Path run) {
    HtmlReport
        .write(new ReportInput(presentation.title(), presentation.summary(), method(), config.asMap(), environment,
            dataset(), presentation.samples(), blocks(), epochs(), evaluation, presentation.published(),
            Optional.of(CaseMaps.of(model, data, evaluation, config)),
            Optional.of(ModelCard.of(model, config, environment, data, evaluation, presentation)),
            Optional.of(presentation.dataCard()), presentation.notes()), RunFolder.report(run));
  }

  private Network network() {
    return model.architecture().network();
  }

  private Split split() {
    return data.split();
  }

  private List<MethodStep> method() {
    var steps = new ArrayList<MethodStep>();
    steps.add(new MethodStep("Data", presentation.data()));
    steps.add(new MethodStep("Split by lesion", Arrays.stream(Split.Subset.values())
        .map(subset -> split().of(subset).size() + " " + subset).collect(Collectors.joining(", ")) + ", seed "
        + split().seed()));
    steps.add(
        new MethodStep("Preprocessing", config.resolution().height() + " x " + config.resolution().width() + " pixels, "
            + config.resize() + ", " + config.scaling().text() + "; training images augmented"));
    for (int i = 0; i < plan.stages().size(); i++) {
      Stage stage = plan.stages().get(i);
      Cut cut = plan.cuts().get(i);
      steps.add(new MethodStep("Stage " + (i + 1) + ": " + stage.name(), String.format(Locale.ROOT,
          "%s; %,d trainable parameters; Adam %s, at most %d epochs", cut.why(),
          cut.trainedCount(network(), config.batchNorm()), rate(stage.schedule()), stage.epochs())));
    }
    steps.add(new MethodStep("Evaluation", "threshold chosen on validation, reported on test"));
    return steps;
  }

  private static String rate(Schedule schedule) {
    return switch (schedule) {
      case Schedule.Constant constant -> Double.toString(constant.rate());
      case Schedule.CosineWithWarmUp cosine -> cosine.peak() + ", falling along a cosine";
    };
  }

  private List<DatasetRow> dataset() {
    var rows = new ArrayList<DatasetRow>();
    for (int label = 0; label < split().task().labels().size(); label++) {
      rows.add(row(split().task().labels().get(label), label));
    }
    if (split().task().labels().size() == 2) {
      for (Diagnosis diagnosis : Diagnosis.values()) {
        int[] n = Arrays.stream(Split.Subset.values()).mapToInt(subset -> (int) split().of(subset).stream()
            .filter(member -> member.row().diagnosis() == diagnosis).count()).toArray();
        rows.add(new DatasetRow(diagnosis.code(), n[0], n[1], n[2]));
      }
    }
    return rows;
  }

  private DatasetRow row(String name, int label) {
    int[] n = Arrays.stream(Split.Subset.values()).mapToInt(subset -> split().counts(subset)[label]).toArray();
    return new DatasetRow(name, n[0], n[1], n[2]);
  }

  private List<ModelRow> blocks() {
    var groups = new LinkedHashMap<String, List<Network.Node>>();
    for (Network.Node node : network().nodes()) {
      groups.computeIfAbsent(group(node.name()), _ -> new ArrayList<>()).add(node);
    }
    return groups.entrySet().stream().map(entry -> row(entry.getKey(), entry.getValue())).toList();
  }

  /** The block that a layer is shown in. */
  private static String group(String layer) {
    // the name that Keras gives it is too long for the figure
    return layer.equals("global_average_pooling2d") ? "pooling" : MobileNetV2.block(layer);
  }

  private ModelRow row(String name, List<Network.Node> nodes) {
    long parameters = nodes.stream().flatMap(node -> network().parameters(node.name()).stream())
        .mapToLong(spec -> spec.shape().size()).sum();
    Shape output = network().shape(nodes.getLast().name());
    String shape = Arrays.stream(output.toArray()).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
    String kind = nodes.size() > 3
        ? "inverted residual"
        : nodes.size() == 3 ? "convolution" : nodes.getFirst().layer().getClass().getSimpleName();
    return new ModelRow(name, kind, shape, parameters, parameters == 0 ? "" : training(nodes));
  }

  private String training(List<Network.Node> nodes) {
    List<Integer> stages = IntStream.range(0, plan.stages().size()).filter(i -> {
      var trained = plan.stages().get(i).spec().trainedParameters(network()).stream().map(ParameterSpec::layer)
          .collect(Collectors.toSet());
      return nodes.stream().anyMatch(node -> trained.contains(node.name()));
    }).boxed().toList();
    return stages.isEmpty()
        ? "frozen"
        : stages.size() == plan.stages().size() && stages.size() > 1
            ? "both stages"
            : "stage " + (stages.getFirst() + 1);
  }

  private List<EpochRow> epochs() {
    return history.stream().map(e -> new EpochRow(e.stage(), e.epoch(), e.training().loss(), e.training().accuracy(),
        e.training().auc(), e.validation().loss(), e.validation().accuracy(), e.validation().auc(), e.learningRate(),
        e.seconds())).toList();
  }
}
