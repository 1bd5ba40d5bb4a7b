package dev.lentil.ham10000.train;

import dev.lentil.backend.DeviceChoice;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.report.HtmlReport;
import dev.lentil.ham10000.report.ReportInput;
import dev.lentil.ham10000.report.ReportInput.EpochRow;
import dev.lentil.ham10000.report.ReportInput.MethodStep;
import dev.lentil.mobilenetv2.Cut;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Network;
import dev.lentil.train.EpochRecord;
import dev.lentil.train.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers what the report of a run shows.
 *
 * @param device what calculates the maps of cases
 */
record RunReport(TrainingConfig config, DeviceChoice device, Map<String, String> environment, RunData data, Model model,
    StagePlan plan,
    List<EpochRecord> history, Evaluation evaluation, Presentation presentation) {

  /** Writes {@code report.html} and its figures. */
  void write(Path run) {
    HtmlReport
        .write(new ReportInput(presentation.title(), presentation.summary(), method(), config.asMap(), environment,
            ReportRows.dataset(data.split()), presentation.samples(), ReportRows.model(network(), plan), epochs(),
            ReportRows.trainingLoss(config), evaluation,
            presentation.published(), Optional.of(CaseMaps.of(List.of(model), data, evaluation, device)),
            Optional
                .of(ModelCard.of(ModelCard.text(model, config), model, environment, data, evaluation, presentation)),
            Optional.of(presentation.dataCard()), presentation.notes()), RunFolder.report(run));
  }

  private Network network() {
    return model.architecture().network();
  }

  private List<MethodStep> method() {
    var steps = new ArrayList<MethodStep>();
    steps.add(ReportRows.dataStep(presentation));
    steps.add(ReportRows.splitStep(data.split(), config));
    steps.add(ReportRows.preprocessingStep(config));
    for (int i = 0; i < plan.stages().size(); i++) {
      Stage stage = plan.stages().get(i);
      Cut cut = plan.cuts().get(i);
      steps.add(new MethodStep("Stage " + (i + 1) + ": " + stage.name(), String.format(Locale.ROOT,
          "%s; %,d trainable parameters; %s", cut.why(), cut.trainedCount(network(), config.batchNorm()),
          ReportRows.training(stage.schedule(), config.weightDecay(), stage.epochs()))));
    }
    steps.add(ReportRows.EVALUATION_STEP);
    return steps;
  }

  private List<EpochRow> epochs() {
    return history.stream().map(e -> new EpochRow(e.stage(), e.epoch(), e.training().loss(), e.training().accuracy(),
        e.training().auc(), e.validation().loss(), e.validation().accuracy(), e.validation().auc(), e.learningRate(),
        e.seconds())).toList();
  }
}
