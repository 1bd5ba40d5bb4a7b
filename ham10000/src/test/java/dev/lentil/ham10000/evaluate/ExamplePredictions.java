package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/** Made-up predictions with HAM10000's shape: two images per lesion, seven diagnoses, scores that overlap. */
public final class ExamplePredictions {
  private static final int[] LESIONS_OF = {30, 45, 100, 12, 100, 560, 13};
  private static final List<String> SITES = List.of("back", "lower extremity", "scalp");
  private static final Path FILE = Path.of("example.csv");
  private static final Philox RANDOM = Philox.at(7, 0, 0, RandomUse.TEST.operation());

  private ExamplePredictions() {}

  /** About 1,700 images. */
  public static Split split() {
    return split(lesion -> new Patient(
        lesion % 20 == 7 ? OptionalDouble.empty() : OptionalDouble.of(25 + 5 * (lesion % 13)),
        lesion % 3 == 0 ? "female" : "male", SITES.get(lesion % 11 == 0 ? 2 : lesion % 2)));
  }

  /** Of the same images. */
  public static Metadata metadata() {
    return new Metadata(FILE, split().members().stream().map(Split.Member::row).toList());
  }

  static Split split(IntFunction<Patient> patientOfLesion) {
    var rows = new ArrayList<Metadata.Row>();
    for (var diagnosis : Diagnosis.values()) {
      for (int lesion = 0; lesion < LESIONS_OF[diagnosis.ordinal()]; lesion++) {
        var patient = patientOfLesion.apply(lesion);
        for (int image = 0; image < 2; image++) {
          rows.add(new Metadata.Row("L_%s_%03d".formatted(diagnosis.code(), lesion),
              "I_%s_%03d_%d".formatted(diagnosis.code(), lesion, image), diagnosis, "histo", patient.age(),
              patient.sex(), patient.localization()));
        }
      }
    }
    return Split.of(new Metadata(FILE, rows), Task.BINARY, Split.PAPER_SEED);
  }

  public static Predictions binary() {
    var members = split().members();
    var rows = new ArrayList<Prediction>();
    for (int i = 0; i < members.size(); i++) {
      double centre = members.get(i).row().diagnosis().malignant() ? 1.2 : -1.2;
      rows.add(Prediction.binary(members.get(i), (float) (1 / (1 + Math.exp(-centre - 1.3 * normal(i))))));
    }
    return new Predictions(Task.BINARY, rows);
  }

  public static Predictions sevenClass() {
    var members = split().members();
    var rows = new ArrayList<Prediction>();
    for (int i = 0; i < members.size(); i++) {
      var p = new double[Diagnosis.values().length];
      for (int c = 0; c < p.length; c++) {
        p[c] = Math.exp(normal(10_000L * (c + 1) + i) + (c == members.get(i).row().diagnosis().ordinal() ? 2.5 : 0));
      }
      double sum = Arrays.stream(p).sum();
      rows.add(Prediction.sevenClass(members.get(i), Arrays.stream(p).map(v -> v / sum).toArray()));
    }
    return new Predictions(Task.SEVEN_CLASS, rows);
  }

  /** What a seven-class model says of malignancy alone. */
  static Predictions binaryOf(Predictions sevenClass) {
    return new Predictions(Task.BINARY, sevenClass.rows().stream().map(row -> with(row, row.probability())).toList());
  }

  static Prediction with(Prediction row, double probability) {
    return new Prediction(
        row.imageId(), row.lesionId(), row.diagnosis(), row.patient(), row.subset(), probability, List.of());
  }

  static Prediction renamed(Prediction row, String imageId) {
    return new Prediction(
        imageId, row.lesionId(), row.diagnosis(), row.patient(), row.subset(), row.probability(), List.of());
  }

  static Prediction diagnosed(Prediction row, Diagnosis diagnosis) {
    return new Prediction(
        row.imageId(), row.lesionId(), diagnosis, row.patient(), row.subset(), row.probability(), List.of());
  }

  /** One prediction of a lesion of its own. */
  static Prediction one(String id, Diagnosis diagnosis, double probability) {
    return new Prediction(id, "L_" + id, diagnosis, Patient.UNKNOWN, Split.Subset.TEST, probability, List.of());
  }

  static Predictions test(int[] labels, double[] probabilities) {
    var rows = new ArrayList<Prediction>();
    for (int i = 0; i < labels.length; i++) {
      rows.add(one("I" + i, labels[i] == 1 ? Diagnosis.MEL : Diagnosis.NV, probabilities[i]));
    }
    return new Predictions(Task.BINARY, rows);
  }

  /** Twelve uniform numbers add up to nearly a normal one. */
  private static double normal(long index) {
    double sum = -6;
    for (int lane = 0; lane < 12; lane++) {
      sum += RANDOM.uniform(index, lane);
    }
    return sum;
  }
}
