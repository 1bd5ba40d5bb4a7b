package dev.lentil.bench.contender;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import java.nio.file.Path;
import java.util.Set;

/** Inference by Lentil's cpu backend. */
public final class LentilInference implements Inference {
  private final Device device;
  private final ParameterBank bank;
  private final boolean ownsBank;
  private final Executable executable;
  private final Images images;
  private final Batch batch;
  private final String output;

  public LentilInference(Network network, Weights weights, Images images, int threads) {
    this(Backends.named("cpu").open(new DeviceOptions(threads)), network, weights, images);
  }

  private LentilInference(Device device, Network network, Weights weights, Images images) {
    this(device, device.load(network, weights), true, images);
  }

  private LentilInference(Device device, ParameterBank bank, boolean ownsBank, Images images) {
    this.device = device;
    this.bank = bank;
    this.ownsBank = ownsBank;
    this.images = images;
    Network network = bank.network();
    executable =
        device.compile(Planner.inference(network, images.count(), device.fusions(), Set.of()), bank);
    batch = Batch.of(images.nhwc());
    output = network.outputNode().name();
  }

  /** The same on the same parameters, to run at the same time; to be closed before this is. */
  public LentilInference companion() {
    return new LentilInference(device.companion().orElseThrow(), bank, false, images);
  }

  /** Of the model in a file, with random images of its resolution. */
  public static LentilInference of(Path model, int images, long seed, int threads) {
    Model read = ModelFile.read(model);
    Network network = read.architecture().network();
    return new LentilInference(network, read.weights(), Images.random(network, images, seed), threads);
  }

  @Override
  public String name() {
    return "lentil";
  }

  @Override
  public float[] run() {
    executable.run(batch, RunState.inference());
    return executable.read(output).floats();
  }

  @Override
  public void close() {
    executable.close();
    if (ownsBank) {
      bank.close();
    }
    device.close();
  }
}
