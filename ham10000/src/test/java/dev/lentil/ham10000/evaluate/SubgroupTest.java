package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.metrics.ConfusionMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SubgroupTest {
  private static final LesionBootstrap QUICK = new LesionBootstrap(100, 42, 0.95);

  @Test
  void everyDivisionHoldsAllImages() {
    var test = ExamplePredictions.binary().of(Subset.TEST);
    var groups = Subgroup.of(test, 0.5, QUICK);
    for (var by : Subgroup.Division.values()) {
      var part = groups.stream().filter(group -> group.by() == by).toList();
      assertEquals(test.size(), part.stream().mapToInt(Subgroup::images).sum(), by.toString());
      assertEquals(test.size(), part.stream().mapToInt(group -> group.benign() + group.malignant()).sum());
      assertEquals(part.stream().map(Subgroup::name).sorted().toList(), part.stream().map(Subgroup::name).toList());
    }
    var female = groups.stream().filter(group -> group.name().equals("female")).findFirst().orElseThrow();
    var women = test.where(row -> row.patient().sex().equals("female"));
    var matrix = ConfusionMatrix.atThreshold(women.labels(), women.probabilities(), 0.5);
    assertEquals(QUICK.auc(women), female.auc().orElseThrow());
    assertEquals(matrix.sensitivity(), female.sensitivity().orElseThrow().estimate());
    assertEquals(matrix.specificity(), female.specificity().orElseThrow().estimate());
  }

  @Test
  void tooFewOfAClassHaveNoAucButTheirCounts() {
    var rows = new ArrayList<Prediction>();
    for (int i = 0; i < 30; i++) {
      rows.add(row(i, i < 21 ? Diagnosis.NV : Diagnosis.BCC, "back"));
      rows.add(row(100 + i, i < 20 ? Diagnosis.NV : Diagnosis.BCC, "face"));
    }
    rows.add(row(200, Diagnosis.NV, "ear"));
    var places = Subgroup.of(new Predictions(Task.BINARY, rows), 0.5, QUICK).stream()
        .filter(group -> group.by() == Subgroup.Division.LOCALIZATION).toList();
    assertEquals(List.of("back", "ear", "face"), places.stream().map(Subgroup::name).toList());
    assertTrue(places.get(0).small() && places.get(0).auc().isEmpty());
    assertEquals(9, places.get(0).malignant());
    assertTrue(places.get(1).sensitivity().isEmpty() && places.get(1).specificity().isPresent());
    assertFalse(places.get(2).small());
    assertTrue(places.get(2).auc().isPresent());
  }

  @Test
  void agesAreDecades() {
    var rows = new ArrayList<Prediction>();
    var ages = List.of(0.0, 25.0, 30.0, 39.0, 45.0, 75.0, 80.0, 85.0);
    for (double age : ages) {
      var patient = new Patient(OptionalDouble.of(age), "", "");
      rows.add(new Prediction("I" + age, "L" + age, Diagnosis.NV, patient, Subset.TEST, 0.3, List.of()));
    }
    rows.add(row(1, Diagnosis.NV, "back"));
    var names = Subgroup.of(new Predictions(Task.BINARY, rows), 0.5, QUICK).stream()
        .filter(group -> group.by() == Subgroup.Division.AGE).map(group -> group.name() + ": " + group.images())
        .toList();
    assertEquals(
        List.of("0 to 29: 2", "30 to 39: 2", "40 to 49: 1", "70 to 79: 1", "80 and above: 2", "unknown: 1"), names);
  }

  /** Two ages and places, each of one class, and one sex. */
  @Test
  void theOnlyGroupWithAnAucIsNamedOnce() {
    var rows = new ArrayList<Prediction>();
    for (var subset : List.of(Subset.VALIDATION, Subset.TEST)) {
      for (int i = 0; i < 24; i++) {
        boolean benign = i < 12;
        var patient = new Patient(OptionalDouble.of(benign ? 35 : 65), "male", benign ? "back" : "face");
        rows.add(new Prediction(subset + "I" + i, subset + "L" + i, benign ? Diagnosis.NV : Diagnosis.MEL, patient,
            subset, i % 7 / 7.0, List.of()));
      }
    }
    var evaluation =
        Evaluation.of(new Predictions(Task.BINARY, rows), List.of(), new EvaluationOptions(QUICK, 0.9, 10));
    var line = EvaluationText.of(evaluation).lines().filter(l -> l.startsWith("Subgroups")).findFirst().orElseThrow();
    assertTrue(line.matches("Subgroups by sex, age and place: AUC 0\\.\\d+ \\(0\\.\\d+ to \\d\\.\\d+\\) for sex male; "
        + "4 of 5 groups are too small for one"), line);
  }

  private static Prediction row(int number, Diagnosis diagnosis, String place) {
    return new Prediction("I" + number, "L" + number, diagnosis, new Patient(OptionalDouble.empty(), "male", place),
        Subset.TEST, number % 7 / 7.0, List.of());
  }
}
