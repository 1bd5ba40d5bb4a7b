package dev.lentil.ham10000.train;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.image.Augmentation;
import dev.lentil.ham10000.report.ReportInput.DatasetRow;
import dev.lentil.ham10000.report.ReportInput.MethodStep;
import dev.lentil.ham10000.report.ReportInput.ModelRow;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.train.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the reports of runs and of ensembles say alike of the images, the method and the network. */
final class ReportRows {
  /** The last step of every method. */
  static final MethodStep EVALUATION_STEP =
      new MethodStep("Evaluation", "threshold chosen on validation, reported on test");

  private ReportRows() {}

  static MethodStep dataStep(Presentation presentation) {
    return new MethodStep("Data", presentation.data());
  }

  static MethodStep splitStep(Split split, TrainingConfig config) {
    return new MethodStep("Split by lesion", Arrays.stream(Split.Subset.values())
        .map(subset -> split.of(subset).size() + " " + subset).collect(Collectors.joining(", ")) + ", "
        + config.splitText());
  }

  static MethodStep preprocessingStep(TrainingConfig config) {
    return new MethodStep("Preprocessing", config.resolution().height() + " x " + config.resolution().width()
        + " pixels, " + config.resize() + ", " + config.scaling().text()
        + (config.regime().augmentation().equals(Augmentation.NONE) ? "" : "; training images augmented"));
  }

  /** How a stage is trained, in a few words. */
  static String training(Schedule schedule, double weightDecay, int epochs) {
    String rate = switch (schedule) {
      case Schedule.Constant constant -> number(constant.rate());
      case Schedule.CosineWithWarmUp cosine -> number(cosine.peak()) + ", falling along a cosine";
    };
    return (weightDecay > 0
        ? "AdamW with a weight decay of " + number(weightDecay) + ", learning rate "
        : "Adam, learning rate ")
        + rate + ", at most " + epochs + (epochs == 1 ? " epoch" : " epochs");
  }

  /** As it is written in a configuration: 3e-4 and not 3.0E-4. */
  private static String number(double value) {
    return Double.toString(value).replace(".0E", "e").replace('E', 'e');
  }

  /** How the training loss differs from that of validation. */
  static String trainingLoss(TrainingConfig config) {
    var own = new ArrayList<String>();
    if (config.classWeights() == TrainingConfig.ClassWeights.BALANCED) {
      own.add("weighted by class");
    }
    if (config.regime().labelSmoothing() > 0) {
      own.add("of smoothed labels");
    }
    return own.isEmpty()
        ? "Neither loss is weighted by class, and no label is smoothed."
        : "The training loss is " + String.join(" and ", own) + ", the validation loss is "
            + (own.size() == 1 ? "not." : "neither.");
  }

  /** One row for each class; where there are two, one for each diagnosis, too. */
  static List<DatasetRow> dataset(Split split) {
    var rows = new ArrayList<DatasetRow>();
    List<String> labels = split.task().labels();
    for (int label = 0; label < labels.size(); label++) {
      rows.add(row(split, labels.get(label), label));
    }
    if (labels.size() == 2) {
      for (Diagnosis diagnosis : Diagnosis.values()) {
        int[] n = Arrays.stream(Split.Subset.values()).mapToInt(subset -> (int) split.of(subset).stream()
            .filter(member -> member.row().diagnosis() == diagnosis).count()).toArray();
        rows.add(new DatasetRow(diagnosis.code(), n[0], n[1], n[2]));
      }
    }
    return rows;
  }

  private static DatasetRow row(Split split, String name, int label) {
    int[] n = Arrays.stream(Split.Subset.values()).mapToInt(subset -> split.counts(subset)[label]).toArray();
    return new DatasetRow(name, n[0], n[1], n[2]);
  }

  /** One row for each block. */
  static List<ModelRow> model(Network network, StagePlan plan) {
    var groups = new LinkedHashMap<String, List<Network.Node>>();
    for (Network.Node node : network.nodes()) {
      groups.computeIfAbsent(group(node.name()), _ -> new ArrayList<>()).add(node);
    }
    return groups.entrySet().stream().map(entry -> row(network, plan, entry.getKey(), entry.getValue())).toList();
  }

  /** The block that a layer is shown in. */
  private static String group(String layer) {
    // the name that Keras gives it is too long for the figure
    return layer.equals("global_average_pooling2d") ? "pooling" : MobileNetV2.block(layer);
  }

  private static ModelRow row(Network network, StagePlan plan, String name, List<Network.Node> nodes) {
    long parameters = nodes.stream().flatMap(node -> network.parameters(node.name()).stream())
        .mapToLong(spec -> spec.shape().size()).sum();
    Shape output = network.shape(nodes.getLast().name());
    String shape = Arrays.stream(output.toArray()).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
    String kind = nodes.size() > 3
        ? "inverted residual"
        : nodes.size() == 3 ? "convolution" : nodes.getFirst().layer().getClass().getSimpleName();
    return new ModelRow(name, kind, shape, parameters, parameters == 0 ? "" : training(network, plan, nodes));
  }

  private static String training(Network network, StagePlan plan, List<Network.Node> nodes) {
    List<Integer> stages = IntStream.range(0, plan.stages().size()).filter(i -> {
      var trained = plan.stages().get(i).spec().trainedParameters(network).stream().map(ParameterSpec::layer)
          .collect(Collectors.toSet());
      return nodes.stream().anyMatch(node -> trained.contains(node.name()));
    }).boxed().toList();
    return stages.isEmpty()
        ? ModelRow.FROZEN
        : stages.size() == plan.stages().size() && stages.size() > 1
            ? "both stages"
            : "stage " + (stages.getFirst() + 1);
  }
}
