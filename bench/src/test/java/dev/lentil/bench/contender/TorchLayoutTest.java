package dev.lentil.bench.contender;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TorchLayoutTest {
  private static Network network() {
    var builder = Network.builder();
    builder.add(new Layer.Input("image", Shape.of(4, 4, 2)));
    builder.add(new Layer.Conv2d("conv", 3, 2, 1, Padding.VALID, true));
    builder.add(new Layer.DepthwiseConv2d("depthwise", 2, 1, Padding.VALID));
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dense("dense", 2));
    return builder.build();
  }

  private static float[] counted(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = i;
    }
    return values;
  }

  @Test
  void kernelsAreMovedToChannelsFirst() {
    Network network = network();
    var layout = TorchLayout.of(network, network.parameter("conv/kernel"));
    assertArrayEquals(new long[] {3, 2, 2, 2}, layout.shape());
    // [kh,kw,in,out] counted: position (y,x,i,o) holds ((y*2+x)*2+i)*3+o
    assertArrayEquals(new float[] {0, 6, 12, 18, 3, 9, 15, 21}, Arrays.copyOf(layout.toTorch(counted(24)), 8));

    var depthwise = TorchLayout.of(network, network.parameter("depthwise/depthwise_kernel"));
    assertArrayEquals(new long[] {3, 1, 2, 2}, depthwise.shape());
    assertArrayEquals(new float[] {0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11}, depthwise.toTorch(counted(12)));
  }

  @Test
  void everyParameterComesBack() {
    Network network = network();
    for (ParameterSpec spec : network.parameters()) {
      var layout = TorchLayout.of(network, spec);
      float[] values = counted(spec.shape().size());
      assertArrayEquals(values, layout.toLentil(layout.toTorch(values)), spec.name());
    }
  }
}
