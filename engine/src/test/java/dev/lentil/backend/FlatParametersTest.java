package dev.lentil.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Shape;
import org.junit.jupiter.api.Test;

class FlatParametersTest {
  private static final class Layout extends FlatParameters<Void> {
    Layout(Network network) {
      super(network, network.parameters(), 16);
    }

    @Override
    protected Void values() {
      return null;
    }

    @Override
    protected Void gradients() {
      return null;
    }

    @Override
    protected Void slot(int index) {
      return null;
    }

    @Override
    protected void copy(Void from, int offset, float[] to) {}

    @Override
    protected void copy(float[] from, Void to, int offset) {}

    @Override
    public void resetSlots() {}

    @Override
    public ParameterAverage average(Weights start) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static Network network(int channels, int wide) {
    var network = Network.builder();
    network.add(new Layer.Input("input", Shape.of(1, 1, channels)));
    network.add(new Layer.GlobalAveragePool("pool"));
    network.add(new Layer.Dense("first", wide));
    network.add(new Layer.Dense("second", channels));
    return network.build();
  }

  @Test
  void parametersStartAtMultiplesOfTheAlignment() {
    var layout = new Layout(network(3, 7));
    assertEquals(0, layout.offset("first/kernel"));
    assertEquals(32, layout.offset("first/bias"));
    assertEquals(48, layout.offset("second/kernel"));
    assertEquals(32, layout.extent("second/kernel"));
    assertEquals(96, layout.size());
  }

  /** Each kernel by itself is small enough. */
  @Test
  void moreThanAnArrayHoldsIsRefusedByName() {
    var e = assertThrows(BackendException.class, () -> new Layout(network(40_000, 40_000)));
    assertEquals(
        "the parameters up to 'second/kernel' are 3200040000 elements, more than one array can hold: the network "
            + "is too large for this backend",
        e.getMessage());
  }
}
