package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.metrics.RocAuc;
import dev.lentil.testing.SharedData;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class MetadataBaselineTest {
  private static final Patient ONE = new Patient(OptionalDouble.of(50), "female", "back");

  /** On the paper's split; scikit-learn 1.9.1 gives the same areas. */
  @Test
  void ageSexAndPlaceOfHam10000() {
    var metadata = Metadata.read(SharedData.require("ham10000/" + Metadata.FILE_NAME));
    var predictions = MetadataBaseline.predict(Split.of(metadata, Task.BINARY, Split.PAPER_SEED));
    System.out.println("metadata baseline: validation AUC " + auc(predictions.of(Subset.VALIDATION)) + ", test AUC "
        + auc(predictions.of(Subset.TEST)) + " " + LesionBootstrap.DEFAULT.auc(predictions.of(Subset.TEST)));
    assertEquals(1485, predictions.of(Subset.TEST).size());
    assertEquals(0.792089665751447, auc(predictions.of(Subset.TRAIN)), 1e-5);
    assertEquals(0.8002222944827238, auc(predictions.of(Subset.VALIDATION)), 1e-5);
    assertEquals(0.780223321299218, auc(predictions.of(Subset.TEST)), 1e-5);
  }

  @Test
  void knowsNothingOfIdenticalPatients() {
    // one age, one sex, one place: every probability is the frequency of the class
    var predictions = MetadataBaseline.predict(ExamplePredictions.split(_ -> ONE));
    assertEquals(0.5, auc(predictions.of(Subset.TEST)));
  }

  @Test
  void doesWithoutAgeWhereNoImageHasOne() {
    var nothing = new Patient(OptionalDouble.empty(), "", "");
    var predictions = MetadataBaseline.predict(ExamplePredictions.split(_ -> nothing));
    assertEquals(0.5, auc(predictions.of(Subset.TEST)));
  }

  private static double auc(Predictions predictions) {
    return RocAuc.of(predictions.labels(), predictions.probabilities());
  }
}
