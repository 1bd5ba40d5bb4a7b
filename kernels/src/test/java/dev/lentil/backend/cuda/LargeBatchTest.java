package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.BatchImages;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.ImageStore;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.cuda.emulation.CudnnFor;
import dev.lentil.image.ImageMap;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches that are too large say so, and how large they are; nothing of that size is made here. */
class LargeBatchTest {
  @RegisterExtension
  static final CudnnFor CONVOLUTIONS = new CudnnFor("convolution");

  private static final int SIDE = 224;
  /** The least whose float32 images are more than 2^31 bytes. */
  private static final int LARGE = 3567;

  /** @param filters of the convolution in front, none for none */
  private static Network network(int side, int filters) {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(side, side, 3)));
    if (filters > 0) {
      builder.add(new Layer.Conv2d("stem", filters, 3, 2, Padding.KERAS, false));
    }
    builder.add(new Layer.GlobalAveragePool("pool"));
    return builder.build();
  }

  private static Plan plan(Network network, int batch) {
    return Planner.inference(network, batch, Set.of(), Set.of());
  }

  private static void assertSays(BackendException problem, int batch) {
    assertTrue(problem.getMessage().contains("a batch of " + batch + " ")
        && problem.getMessage().contains("use a smaller batch"), problem.getMessage());
  }

  @ParameterizedTest
  @EnumSource(Storage.class)
  void moreElementsThanKernelsCount(Storage storage) {
    Plan plan = plan(network(SIDE, 96), LARGE);
    assertSays(assertThrows(BackendException.class, () -> new Layout(plan, storage)), LARGE);
  }

  /** Of one channel, whose rows threads take 2^21 apart. */
  @Test
  void aStepPastTheEndIsCountedToo() {
    int step = 1 << 21;
    assertEquals(step, new Columns(1, 1, 256).rows(Integer.MAX_VALUE).blocksX() * 256);
    assertEquals(Integer.MAX_VALUE - 2 * step, Layout.countable(Integer.MAX_VALUE - 2 * step, 7));
    assertSays(assertThrows(BackendException.class, () -> Layout.countable(Integer.MAX_VALUE - step, 7)), 7);
  }

  /** Images that the card holds need not be sent. */
  @ParameterizedTest
  @EnumSource(Storage.class)
  void moreBytesThanCanBeSent(Storage storage) {
    Plan plan = plan(network(SIDE, 0), LARGE);
    var layout = new Layout(plan, storage);
    assertTrue(layout.bytes() > Integer.MAX_VALUE);
    var values = new BatchImages.Values(Tensor.of(Shape.of(LARGE, 1, 1, 1), new float[LARGE]));
    assertSays(assertThrows(BackendException.class, () -> layout.inbox().bytes(values)), LARGE);
    var named = new BatchImages.Stored(new NoImages(), RandomImages.NORMALIZATION,
        Collections.nCopies(LARGE, new BatchImages.Stored.Image(0, ImageMap.AS_IS)));
    assertEquals(layout.inbox().images(), layout.inbox().bytes(named));
    assertTrue(layout.inbox().images() < 1 << 20);
    Plan less = plan(network(SIDE, 0), LARGE - 2);
    assertEquals(new Layout(less, storage).inbox().bytes(), new Layout(less, storage).inbox().bytes(values));
  }

  /** The records of images alone. */
  @Test
  void moreSamplesThanCanBeSent() {
    int batch = 20_000_000;
    assertSays(assertThrows(BackendException.class, () -> new Layout(plan(network(1, 0), batch), Storage.FLOAT32)),
        batch);
  }

  /** What Keras pads on one side cuDNN is given as a copy of 33x33 pixels for 32x32. */
  @Test
  void moreElementsInAPaddedCopyThanKernelsCount() {
    int batch = 690_000;
    Network network = network(32, 2);
    try (Device device = new CudaBackend().open(new DeviceOptions(1));
        ParameterBank bank = device.load(network, new RandomTensors(1).weights(network))) {
      assertSays(assertThrows(BackendException.class, () -> device.compile(plan(network, batch), bank)), batch);
    }
  }

  /** A store that names an image and has none. */
  private record NoImages() implements ImageStore {
    @Override
    public int count() {
      return 1;
    }

    @Override
    public int height() {
      return SIDE;
    }

    @Override
    public int width() {
      return SIDE;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
