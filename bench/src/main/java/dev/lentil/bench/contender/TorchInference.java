package dev.lentil.bench.contender;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;

/** Inference by PyTorch through DJL. */
public final class TorchInference implements Inference {
  private final Network network;
  private final NDManager manager;
  private final TorchNetwork torch;
  private final NDArray images;

  public TorchInference(Network network, Weights weights, Images images, int threads) {
    this.network = network;
    manager = Torch.manager(threads);
    torch = new TorchNetwork(network, weights, manager, TorchNetwork.Mode.INFERENCE);
    this.images = Torch.array(manager, images.planes(), images.planesShape());
  }

  @Override
  public String name() {
    return "pytorch";
  }

  @Override
  public float[] run() {
    try (NDArray logits = torch.logits(images); NDArray output = head(logits)) {
      return output.toFloatArray();
    }
  }

  private NDArray head(NDArray logits) {
    return switch (network.outputNode().layer()) {
      case Layer.Sigmoid _ -> Activation.sigmoid(logits);
      case Layer.Softmax _ -> logits.softmax(1);
      default -> logits;
    };
  }

  @Override
  public void close() {
    manager.close();
  }
}
