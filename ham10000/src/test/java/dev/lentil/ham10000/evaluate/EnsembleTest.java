package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnsembleTest {
  private static Prediction row(String image, Subset subset, double p) {
    return new Prediction(image, "L" + image, Diagnosis.NV, Patient.UNKNOWN, subset, p, List.of());
  }

  private static Predictions binary(double a, double b) {
    return new Predictions(Task.BINARY, List.of(row("a", Subset.VALIDATION, a), row("b", Subset.TEST, b)));
  }

  @Test
  void theMeanOfEachImage() {
    var mean = Ensemble.mean(List.of(binary(0.1, 1), binary(0.3, 1), binary(0.8, 1)));
    assertEquals(0.4, mean.rows().getFirst().probability(), 1e-15);
    assertEquals(1, mean.rows().get(1).probability());
    assertEquals(Subset.TEST, mean.rows().get(1).subset());
    var alone = binary(0.1, 0.2);
    assertSame(alone, Ensemble.mean(List.of(alone)));
  }

  @Test
  void classesAreAveragedToo() {
    var one = seven(List.of(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), 1);
    var two = seven(List.of(0.0, 0.0, 0.5, 0.0, 0.0, 0.5, 0.0), 0);
    var row = Ensemble.mean(List.of(one, two)).rows().getFirst();
    assertEquals(List.of(0.5, 0.0, 0.25, 0.0, 0.0, 0.25, 0.0), row.classProbabilities());
    assertEquals(0.5, row.probability());
  }

  private static Predictions seven(List<Double> classes, double malignant) {
    return new Predictions(Task.SEVEN_CLASS,
        List.of(new Prediction("a", "L", Diagnosis.AKIEC, Patient.UNKNOWN, Subset.TEST, malignant, classes)));
  }

  @Test
  void otherImagesSubsetsOrTasksAreRefused() {
    var one = binary(0.1, 0.2);
    refused("row 2", one,
        new Predictions(Task.BINARY, List.of(row("a", Subset.VALIDATION, 0), row("c", Subset.TEST, 0))));
    refused("row 1", one, new Predictions(Task.BINARY, List.of(row("a", Subset.TEST, 0), row("b", Subset.TEST, 0))));
    refused("a is nv of lesion La in one, nv of lesion Lx in another", one, new Predictions(Task.BINARY,
        List.of(new Prediction("a", "Lx", Diagnosis.NV, Patient.UNKNOWN, Subset.VALIDATION, 0, List.of()),
            row("b", Subset.TEST, 0))));
    refused("b is nv of lesion Lb in one, bkl of lesion Lb in another", one, new Predictions(Task.BINARY,
        List.of(row("a", Subset.VALIDATION, 0),
            new Prediction("b", "Lb", Diagnosis.BKL, Patient.UNKNOWN, Subset.TEST, 0, List.of()))));
    refused("one of 1", one, new Predictions(Task.BINARY, List.of(row("a", Subset.VALIDATION, 0))));
    refused("seven-class", one, seven(List.of(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), 1));
  }

  private static void refused(String what, Predictions one, Predictions two) {
    var e = assertThrows(IllegalArgumentException.class, () -> Ensemble.mean(List.of(one, two)));
    assertTrue(e.getMessage().contains(what), e.getMessage());
  }
}
