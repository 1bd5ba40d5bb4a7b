package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.train.LesionClassifier;
import dev.lentil.ham10000.train.LesionClassifier.Judgement;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lentil predict}: the probability of malignancy of photographs. */
@Command(
    name = "predict",
    description = "Predict the probability that lesions on photographs are malignant, with a trained network.",
    footer = {"", "Example:", "  ./lentil predict lesion.jpg --run runs/seed-7"})
final class PredictCommand implements Callable<Integer> {
  @Mixin
  private Output output;

  @ArgGroup(multiplicity = "1")
  private RunOrWeights network;

  @Mixin
  private CalculationOptions calculation;

  @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "Colour photographs, JPEG or PNG.")
  private List<Path> images;

  @Override
  public Integer call() {
    var device = calculation.choose(output);
    try (var classifier = LesionClassifier.ofWeights(network.file(), device.backend(), device.options())) {
      var judgements = PerPhoto.of(images, classifier::judge);
      return output.show(judgements, document(judgements), () -> text(judgements.sound()));
    }
  }

  private static Map<String, Object> document(PerPhoto<Judgement> judgements) {
    var document = new LinkedHashMap<String, Object>();
    document.put("disclaimer", Disclaimer.TEXT);
    document.put("predictions", judgements.entries(j -> {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("file", j.file());
      entry.put("probability", j.probability());
      entry.put("threshold", j.threshold());
      entry.put("malignant", j.malignant());
      if (!j.diagnoses().isEmpty()) {
        entry.put("diagnoses", j.diagnoses());
      }
      return entry;
    }));
    return document;
  }

  private static String text(List<Judgement> judgements) {
    return judgements
        .stream().map(j -> String.format(Locale.ROOT, "%s: probability of malignancy %.4f, %s the threshold %.4f",
            j.file(), j.probability(), j.malignant() ? "above" : "not above", j.threshold())
            + (j.diagnoses().isEmpty()
                ? ""
                : "\n  " + j.diagnoses().entrySet().stream()
                    .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
                    .collect(Collectors.joining(", "))))
        .collect(Collectors.joining("\n"));
  }
}
