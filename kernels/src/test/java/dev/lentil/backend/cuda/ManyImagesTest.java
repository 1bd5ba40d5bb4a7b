package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.BatchImages;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ImageStore;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.Precision;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.image.ImageMap;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A batch of the same few images again and again has the loss, statistics and gradients of those few, and each image has its
 * logits wherever it stands. On a true card the widest activation has nearly as many elements as kernels count, so that an
 * address or a count that goes wrong from 2^31 bytes, or near 2^31 elements, on shows.
 */
@ExtendWith(OnCard.class)
class ManyImagesTest {
  private static final int IMAGES = 16;

  private final int side = EmulatedCard.isTrue() ? 224 : 28;
  private final SmallTraining training = SmallTraining.of(side, side, IMAGES, 1, 0);

  private Plan plan(CudaDevice device, int repetitions) {
    return Planner.training(training.network(), repetitions * IMAGES, training.spec(Optional.empty()),
        device.fusions(), Set.of());
  }

  /** How often the images are repeated: on a true card as often as its memory and kernels allow. */
  private int most(CudaDevice device) {
    if (!EmulatedCard.isTrue()) {
      return 5;
    }
    Plan once = plan(device, 1);
    long widest = once.values().stream().mapToLong(value -> value.size(IMAGES)).max().orElseThrow();
    // A step may need as much again for itself as the widest value takes, so half as much more is room enough.
    long room = device.driver().free() * 2 / 3 / new Layout(once, device.storage()).bytes();
    return Math.toIntExact(Math.min(Layout.MOST_ELEMENTS / widest, room));
  }

  private Map<String, Tensor> step(CudaDevice device, ImageStore store, int repetitions) {
    var images = IntStream.range(0, repetitions * IMAGES)
        .mapToObj(i -> new BatchImages.Stored.Image(i % IMAGES, ImageMap.AS_IS)).toList();
    try (ParameterBank bank = device.load(training.network(), training.weights());
        Executable step = device.compile(plan(device, repetitions), bank)) {
      step.run(RandomImages.named(store, images), new RunState(7, 1, 1, 0));
      var results = new LinkedHashMap<String, Tensor>();
      results.put("loss", Tensor.of(Shape.of(1), step.loss()));
      results.put("logits", step.read("logits"));
      training.network().parameters().forEach(parameter -> results.put(parameter.name(), parameter.role().learned()
          ? bank.readGradient(parameter.name())
          : bank.read(parameter.name())));
      return results;
    }
  }

  /** Sums of so many terms in float32 differ by more than a few roundings; the limits are for what is wrong, not for what is rounded. */
  @ParameterizedTest
  @CsvSource({"FLOAT32, 1e-3, 5e-2", "BFLOAT16, 2e-2, 2e-1"})
  void aBatchRepeatedIsTheBatch(Precision precision, double most, double mostOfGradient) {
    try (CudaDevice device = CudaDevice.open(new DeviceOptions(1).withPrecision(precision));
        ImageStore store =
            device.store(new RandomImages(IMAGES, side, side, 7), List.of()).orElseThrow()) {
      int repetitions = most(device);
      Map<String, Tensor> few = step(device, store, 1);
      Map<String, Tensor> many = step(device, store, repetitions);
      double worst = 0;
      double squares = 0;
      double norm = 0;
      for (Map.Entry<String, Tensor> entry : few.entrySet()) {
        String name = entry.getKey();
        Tensor expected = entry.getValue();
        Tensor actual = many.get(name);
        if (name.equals("logits")) {
          assertEquals(repetitions * IMAGES, actual.shape().size());
          for (int i = 0; i < actual.shape().size(); i++) {
            worst = Math.max(worst, Math.abs(actual.get(i) - expected.get(i % IMAGES)));
          }
        } else if (name.contains("moving") || name.equals("loss")) {
          worst = Math.max(worst, SmallTraining.relativeError(actual, expected));
        } else {
          for (int i = 0; i < expected.shape().size(); i++) {
            squares += Math.pow(actual.get(i) - expected.get(i), 2);
            norm += Math.pow(expected.get(i), 2);
          }
        }
      }
      double gradient = Math.sqrt(squares / norm);
      System.out.printf(
          "cuda %s, %d images of %dx%d: loss, logits, statistics at worst %.1e, all gradients together %.1e%n",
          precision.text(), repetitions * IMAGES, side, side, worst, gradient);
      assertTrue(worst < most, "loss, logits, statistics: " + worst);
      assertTrue(gradient < mostOfGradient, "gradients: " + gradient);
    }
  }
}
