package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Pixels;
import dev.lentil.ham10000.data.Split;
import dev.lentil.testing.SharedData;
import dev.lentil.train.Batches;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a run shows its network of HAM10000's split, with black images of 2x2. */
class RunDataTest {
  private static RunData data;

  /** Nothing is to be seen on it. */
  private record Black(int count) implements Pixels {
    @Override
    public int height() {
      return 2;
    }

    @Override
    public int width() {
      return 2;
    }

    @Override
    public void copy(int index, byte[] rgb) {}
  }

  @BeforeAll
  static void split() {
    var metadata = Metadata.read(SharedData.require("ham10000").resolve(Metadata.FILE_NAME));
    var numbers = new HashMap<String, Integer>();
    metadata.rows().forEach(row -> numbers.put(row.imageId(), numbers.size()));
    data = new RunData(config().split(metadata), new Black(numbers.size()), numbers::get);
  }

  private static TrainingConfig config(String... settings) {
    return TrainingConfig.of(List.of(), List.of(settings));
  }

  /** The weights of each label's samples. */
  private static Map<Double, TreeSet<Double>> weights(Batches source) {
    var weights = new TreeMap<Double, TreeSet<Double>>();
    try (source) {
      while (source.hasNext()) {
        var batch = source.next();
        double[] labels = batch.labels().doubles();
        double[] own = batch.weights().doubles();
        for (int i = 0; i < own.length; i++) {
          weights.computeIfAbsent(labels[i], _ -> new TreeSet<>()).add(own[i]);
        }
      }
    }
    return weights;
  }

  @Test
  void theLossWeighsBenignAndMalignantSamplesSoThatBothCountAlike() {
    var weights = weights(data.training(config()).epoch(1, 1, 0));
    assertEquals(2, weights.size());
    weights.forEach((label, own) -> {
      assertEquals(1, own.size(), "one weight for label " + label);
      assertEquals(label == 1 ? 2.594 : 0.619, own.first(), 5e-4);
    });
  }

  @Test
  void withoutClassWeightsAllSamplesCountOne() {
    var ones = Map.of(0.0, new TreeSet<>(List.of(1.0)), 1.0, new TreeSet<>(List.of(1.0)));
    assertEquals(ones, weights(data.training(config("class-weights=none")).epoch(1, 1, 0)));
  }

  @Test
  void validationIsNotWeighted() {
    var ones = Map.of(0.0, new TreeSet<>(List.of(1.0)), 1.0, new TreeSet<>(List.of(1.0)));
    assertEquals(ones, weights(data.evaluation(Split.Subset.VALIDATION, config()).open()));
  }
}
