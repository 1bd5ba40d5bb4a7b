package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.BatchImages;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ImageStore;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.Precision;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.image.ImageMap;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Needs nothing that only the emulated card has, so that it runs on a true one too. */
@ExtendWith(OnCard.class)
class CudaImagesTest {
  /** Sizes square and not, odd, and of one row or column, which have no neighbours. */
  private static final int[][] SIZES = {{32, 32}, {17, 23}, {40, 9}, {1, 13}, {13, 1}, {1, 1}, {2, 2}};
  private static final int BATCH = 24;

  private static Device open(Precision precision) {
    return new CudaBackend().open(new DeviceOptions(1).withPrecision(precision));
  }

  /** A network that can be asked for its input. */
  private static Network network(int height, int width) {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(height, width, 3)));
    builder.add(new Layer.GlobalAveragePool("pool"));
    return builder.build();
  }

  private static Plan plan(int height, int width) {
    return Planner.inference(network(height, width), BATCH, Set.of(), Set.of("input"));
  }

  /** What the type of the activations keeps of a value. */
  private static float stored(float value, Precision precision) {
    if (precision != Precision.BFLOAT16) {
      return value;
    }
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat(bits + 0x7FFF + (bits >>> 16 & 1) & 0xFFFF0000);
  }

  /** The processor's bits: random maps, quarter turns, flips, colours, borders, odd sizes, three runs of which two are a graph. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void mapsToTheBitsOfTheProcessor(Precision precision) {
    try (Device device = open(precision)) {
      int compared = 0;
      for (int[] size : SIZES) {
        compared += compare(device, size[0], size[1], precision);
      }
      System.out
          .println("images on the card, " + precision.text() + ": " + compared + " values, all bits the processor's");
    }
  }

  private static int compare(Device device, int height, int width, Precision precision) {
    var images = new RandomImages(9, height, width, 5);
    var random = new Random(height * 100 + width);
    Plan plan = plan(height, width);
    int size = 3 * height * width;
    try (ParameterBank bank = device.load(plan.network(), new Weights(Map.of()));
        Executable executable = device.compile(plan, bank);
        ImageStore store = device.store(images, List.of(plan)).orElseThrow()) {
      for (int run = 0; run < 3; run++) {
        var chosen = new ArrayList<BatchImages.Stored.Image>();
        for (int i = 0; i < BATCH; i++) {
          chosen.add(new BatchImages.Stored.Image(random.nextInt(9), RandomImages.map(random, i, height, width)));
        }
        executable.run(RandomImages.named(store, chosen), RunState.inference());
        float[] actual = executable.read("input").floats();
        float[] expected = RandomImages.made(images, chosen).images().floats();
        for (int i = 0; i < actual.length; i++) {
          assertEquals(Float.floatToRawIntBits(stored(expected[i], precision)), Float.floatToRawIntBits(actual[i]),
              height + "x" + width + ", " + chosen.get(i / size).map() + ", element " + i % size);
        }
      }
    }
    return 3 * BATCH * size;
  }

  /** An executable takes both kinds of batches, in any order. */
  @Test
  void batchesOfBothKindsAlternate() {
    var images = new RandomImages(4, 6, 7, 1);
    Plan plan = plan(6, 7);
    try (Device device = open(Precision.FLOAT32);
        ParameterBank bank = device.load(plan.network(), new Weights(Map.of()));
        Executable executable = device.compile(plan, bank);
        ImageStore store = device.store(images, List.of(plan)).orElseThrow()) {
      var random = new Random(3);
      for (int run = 0; run < 8; run++) {
        var chosen = new ArrayList<BatchImages.Stored.Image>();
        for (int i = 0; i < BATCH; i++) {
          chosen.add(new BatchImages.Stored.Image(random.nextInt(4), RandomImages.map(random, i, 6, 7)));
        }
        Batch made = RandomImages.made(images, chosen);
        executable.run(run / 2 % 2 == 0 ? RandomImages.named(store, chosen) : made, RunState.inference());
        assertArrayEquals(made.images().floats(), executable.read("input").floats());
      }
    }
  }

  @Test
  void onlyTheCardThatHoldsThemTakesThem() {
    var images = new RandomImages(2, 5, 5, 1);
    Plan plan = plan(5, 5);
    var chosen = new ArrayList<BatchImages.Stored.Image>();
    for (int i = 0; i < BATCH; i++) {
      chosen.add(new BatchImages.Stored.Image(i % 2, ImageMap.AS_IS));
    }
    try (Device holder = open(Precision.FLOAT32);
        Device other = open(Precision.FLOAT32);
        Device processor = Backends.named("cpu").open(new DeviceOptions(1))) {
      ImageStore store = holder.store(images, List.of()).orElseThrow();
      Batch batch = RandomImages.named(store, chosen);
      for (Device device : new Device[] {other, processor}) {
        try (ParameterBank bank = device.load(plan.network(), new Weights(Map.of()));
            Executable executable = device.compile(plan, bank)) {
          assertThrows(IllegalArgumentException.class, () -> executable.run(batch, RunState.inference()));
        }
      }
      assertTrue(processor.store(images, List.of()).isEmpty());
      assertThrows(IllegalArgumentException.class,
          () -> RandomImages.named(store, List.of(new BatchImages.Stored.Image(2, ImageMap.AS_IS))));
      store.close();
      try (ParameterBank bank = holder.load(plan.network(), new Weights(Map.of()));
          Executable executable = holder.compile(plan, bank)) {
        assertThrows(IllegalStateException.class, () -> executable.run(batch, RunState.inference()));
        var values = Batch.of(Tensor.of(Shape.of(BATCH, 5, 5, 3), new float[BATCH * 75]));
        executable.run(values, RunState.inference());
      }
    }
  }

  @Test
  void imagesOfAnotherSizeThanThePlansAreRefused() {
    var images = new RandomImages(1, 5, 5, 1);
    Plan plan = plan(5, 6);
    try (Device device = open(Precision.FLOAT32);
        ParameterBank bank = device.load(plan.network(), new Weights(Map.of()));
        Executable executable = device.compile(plan, bank);
        ImageStore store = device.store(images, List.of()).orElseThrow()) {
      var chosen = new ArrayList<BatchImages.Stored.Image>();
      for (int i = 0; i < BATCH; i++) {
        chosen.add(new BatchImages.Stored.Image(0, ImageMap.AS_IS));
      }
      assertThrows(IllegalArgumentException.class,
          () -> executable.run(RandomImages.named(store, chosen), RunState.inference()));
    }
  }
}
