package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.metrics.RocAuc;
import dev.lentil.testing.SharedData;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetadataBaselineTest {
  private static final Patient ONE = new Patient(OptionalDouble.of(50), "female", "back");

  /** On the paper's split; scikit-learn 1.9.1 gives the same areas. */
  @Test
  void ageSexAndPlaceOfHam10000() {
    var predictions = MetadataBaseline.predict(Split.of(ham10000(), Task.BINARY, Split.PAPER_SEED));
    System.out.println("metadata baseline: validation AUC " + auc(predictions.of(Subset.VALIDATION)) + ", test AUC "
        + auc(predictions.of(Subset.TEST)) + " " + LesionBootstrap.DEFAULT.auc(predictions.of(Subset.TEST)));
    assertEquals(1485, predictions.of(Subset.TEST).size());
    assertEquals(0.792089665751447, auc(predictions.of(Subset.TRAIN)), 1e-5);
    assertEquals(0.8002222944827238, auc(predictions.of(Subset.VALIDATION)), 1e-5);
    assertEquals(0.780223321299218, auc(predictions.of(Subset.TEST)), 1e-5);
  }

  /** Why {@code dx_type} must never be an input: it leaks the label, better than age, sex and place together. */
  @Test
  void howADiagnosisWasConfirmedTellsIt() {
    var split = Split.of(ham10000(), Task.BINARY, Split.PAPER_SEED);
    var kinds = split.members().stream().map(member -> member.row().confirmation()).distinct().sorted().toList();
    var predictions = LogisticBaseline.predict(split, member -> kinds.stream()
        .mapToDouble(kind -> kind.equals(member.row().confirmation()) ? 1 : 0).toArray());
    System.out.println("dx_type alone: test AUC " + auc(predictions.of(Subset.TEST)));
    assertEquals(0.796, auc(predictions.of(Subset.TEST)), 5e-4);
  }

  /** Why the split is by lesion: by image, with the same shares and seed, a network has seen many of its test lesions. */
  @Test
  void aSplitByImageTestsLesionsSeenInTraining() {
    var metadata = ham10000();
    var lesionOf = metadata.byImageId();
    var byImage = Split.of(new Metadata(metadata.file(), metadata.rows().stream().map(row -> new Metadata.Row(
        row.imageId(), row.imageId(), row.diagnosis(), row.confirmation(), row.age(), row.sex(), row.localization()))
        .toList()), Task.BINARY, Split.PAPER_SEED);
    var test = byImage.of(Subset.TEST).stream().map(member -> lesionOf.get(member.imageId()).lesionId()).toList();
    long trained = seen(byImage, lesionOf, test, Subset.TRAIN);
    long trainedOrValidated = seen(byImage, lesionOf, test, Subset.TRAIN, Subset.VALIDATION);
    System.out.println("split by image: of " + test.size() + " test images " + trained + " are of lesions in training, "
        + trainedOrValidated + " of lesions in training or validation");
    assertEquals(1503, test.size());
    assertEquals(539, trained);
  }

  /** How many of the lesions have an image in some subsets. */
  private static long seen(Split split, Map<String, Metadata.Row> lesionOf, List<String> lesions, Subset... subsets) {
    var there = Arrays.stream(subsets).flatMap(subset -> split.of(subset).stream())
        .map(member -> lesionOf.get(member.imageId()).lesionId()).collect(Collectors.toSet());
    return lesions.stream().filter(there::contains).count();
  }

  private static Metadata ham10000() {
    return Metadata.read(SharedData.require("ham10000/" + Metadata.FILE_NAME));
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
