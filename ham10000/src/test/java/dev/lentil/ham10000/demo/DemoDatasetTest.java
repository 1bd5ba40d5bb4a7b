package dev.lentil.ham10000.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.evaluate.LogisticBaseline;
import dev.lentil.metrics.RocAuc;
import dev.lentil.mobilenetv2.image.RgbImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDatasetTest {
  private static final long SEED = 42;
  private static final DemoDataset DATASET = DemoDataset.of(SEED, DemoDataset.LESIONS);
  private static final List<Metadata.Row> ROWS = DATASET.metadata().rows();

  @Test
  void sameSeedSameBytes() {
    var again = DemoDataset.of(SEED, DemoDataset.LESIONS);
    assertEquals(DATASET.metadata(), again.metadata());
    for (int i = 0; i < 40; i++) {
      assertArrayEquals(DATASET.paint(ROWS.get(i), 32).rgb(), again.paint(ROWS.get(i), 32).rgb());
    }
  }

  @Test
  void orderAndThreadsDoNotMatter() {
    var few = DemoDataset.of(SEED, 30);
    var all = few.paintAll(32);
    for (int i = all.size() - 1; i >= 0; i--) {
      assertArrayEquals(all.get(i).rgb(), few.paint(few.metadata().rows().get(i), 32).rgb());
    }
  }

  @Test
  void otherSeedOtherPictures() {
    var other = DemoDataset.of(SEED + 1, DemoDataset.LESIONS);
    assertNotEquals(DATASET.metadata(), other.metadata());
    assertNotEquals(0,
        difference(DATASET.paint(ROWS.getFirst(), 32), other.paint(other.metadata().rows().getFirst(), 32)));
  }

  @Test
  void lesionsHaveSeveralViewsAndOneDiagnosis() {
    var views = DATASET.metadata().lesions().values().stream()
        .collect(Collectors.groupingBy(List::size, Collectors.counting()));
    System.out.println(ROWS.size() + " pictures; lesions by number of pictures " + views);
    assertEquals(EnumSet.allOf(Diagnosis.class), EnumSet.copyOf(ROWS.stream().map(Metadata.Row::diagnosis).toList()));
    assertEquals(DemoDataset.LESIONS, DATASET.metadata().lesions().size());
    assertEquals(List.of(1, 2, 3, 4), views.keySet().stream().sorted().toList());
    assertTrue(views.get(1) > views.get(2) && views.get(2) > views.get(3) && views.get(3) > views.get(4));
    for (var rows : DATASET.metadata().lesions().values()) {
      assertEquals(1, rows.stream().map(Metadata.Row::diagnosis).distinct().count());
    }
  }

  @Test
  void aFifthIsMalignantAndNaeviAreCommonest() {
    var lesions = DATASET.metadata().lesions().values().stream().map(List::getFirst).toList();
    var counts = lesions.stream().collect(Collectors.groupingBy(Metadata.Row::diagnosis, Collectors.counting()));
    double malignant = lesions.stream().filter(row -> row.diagnosis().malignant()).count() / (double) lesions.size();
    System.out.println("lesions " + counts + ", malignant " + malignant);
    assertEquals(0.20, malignant, 0.03);
    assertEquals(0.66, counts.get(Diagnosis.NV) / (double) lesions.size(), 0.04);
  }

  @Test
  void viewsOfOneLesionDiffer() {
    double least = Double.MAX_VALUE;
    for (var rows : DATASET.metadata().lesions().values()) {
      if (rows.size() > 1 && least > 0) {
        least = Math.min(least, difference(DATASET.paint(rows.get(0), 32), DATASET.paint(rows.get(1), 32)));
      }
    }
    System.out.println("least mean difference between two views of a lesion: " + least);
    assertTrue(least > 2, "two views differ by only " + least);
  }

  @Test
  void theSplitByLesionHasEnoughTestLesions() {
    var split = Split.of(DATASET.metadata(), Task.BINARY, Split.PAPER_SEED);
    assertEquals(300, split.lesions(Subset.TEST));
    assertTrue(split.counts(Subset.TEST)[1] >= 50, "malignant test pictures: " + split.counts(Subset.TEST)[1]);
  }

  /** Colour is no cue: not the mean over the class, and not to a classifier that may weigh it as it likes. */
  @Test
  void meanColourTellsNothing() {
    var means = new HashMap<String, double[]>();
    var pictures = DATASET.paintAll(32);
    for (int i = 0; i < ROWS.size(); i++) {
      means.put(ROWS.get(i).imageId(), pictures.get(i).meanColour());
    }
    double[] benign = classMean(means, false);
    double[] malignant = classMean(means, true);
    var predictions = LogisticBaseline.predict(Split.of(DATASET.metadata(), Task.BINARY, Split.PAPER_SEED),
        m -> means.get(m.imageId()));
    double all = RocAuc.of(predictions.labels(), predictions.probabilities());
    var test = predictions.of(Subset.TEST);
    double onTest = RocAuc.of(test.labels(), test.probabilities());
    System.out.println("mean colour benign " + Arrays.toString(benign) + ", malignant " + Arrays.toString(malignant)
        + "; AUC of mean colour " + all
        + ", on test " + onTest);
    assertArrayEquals(benign, malignant, 3);
    assertTrue(all < 0.60, "AUC of mean colour on all pictures " + all);
    assertTrue(onTest < 0.65, "AUC of mean colour on the test pictures " + onTest);
  }

  @Test
  void theCsvIsReadAsHam10000s(@TempDir Path folder) throws Exception {
    var file = folder.resolve(Metadata.FILE_NAME);
    Files.writeString(file, DATASET.csv());
    assertEquals(ROWS, Metadata.read(file).rows());
  }

  @Test
  void picturesOfAnotherDataSetAreRefused() {
    var row = ROWS.getLast();
    var few = DemoDataset.of(SEED, 1);
    var refused = assertThrows(IllegalArgumentException.class, () -> few.paint(row, 32));
    assertTrue(refused.getMessage().contains(row.imageId()));
  }

  private static double[] classMean(HashMap<String, double[]> means, boolean malignant) {
    var rows = ROWS.stream().filter(row -> row.diagnosis().malignant() == malignant).toList();
    var mean = new double[3];
    for (var row : rows) {
      for (int c = 0; c < 3; c++) {
        mean[c] += means.get(row.imageId())[c] / rows.size();
      }
    }
    return mean;
  }

  private static double difference(RgbImage a, RgbImage b) {
    double sum = 0;
    for (int i = 0; i < a.rgb().length; i++) {
      sum += Math.abs((a.rgb()[i] & 0xFF) - (b.rgb()[i] & 0xFF));
    }
    return sum / a.rgb().length;
  }
}
