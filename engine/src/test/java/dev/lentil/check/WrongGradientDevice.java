package dev.lentil.check;

import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterAverage;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.reference.ReferenceBackend;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Fusion;
import dev.lentil.plan.Plan;
import dev.lentil.tensor.Tensor;
import java.util.Arrays;
import java.util.Set;

/** The reference device, except that it multiplies the gradient of one parameter by a factor. */
record WrongGradientDevice(Device right, String parameter, double factor) implements Device {
  WrongGradientDevice(String parameter, double factor) {
    this(new ReferenceBackend().open(DeviceOptions.defaults()), parameter, factor);
  }

  @Override
  public String describe() {
    return "wrong on purpose";
  }

  @Override
  public Set<Fusion> fusions() {
    return right.fusions();
  }

  @Override
  public ParameterBank load(Network network, Weights weights) {
    return new Bank(right.load(network, weights));
  }

  @Override
  public Executable compile(Plan plan, ParameterBank bank) {
    return right.compile(plan, ((Bank) bank).right);
  }

  @Override
  public void close() {
    right.close();
  }

  private final class Bank implements ParameterBank {
    private final ParameterBank right;

    private Bank(ParameterBank right) {
      this.right = right;
    }

    @Override
    public Tensor readGradient(String name) {
      Tensor gradient = right.readGradient(name);
      return name.equals(parameter)
          ? Tensor.of(gradient.shape(), Arrays.stream(gradient.doubles()).map(g -> g * factor).toArray())
          : gradient;
    }

    @Override
    public Network network() {
      return right.network();
    }

    @Override
    public long version() {
      return right.version();
    }

    @Override
    public Tensor read(String name) {
      return right.read(name);
    }

    @Override
    public ParameterAverage average(Weights start) {
      return right.average(start);
    }

    @Override
    public void write(String name, Tensor value) {
      right.write(name, value);
    }

    @Override
    public void writeGradient(String name, Tensor value) {
      right.writeGradient(name, value);
    }

    @Override
    public Tensor readSlot(int slot, String name) {
      return right.readSlot(slot, name);
    }

    @Override
    public void writeSlot(int slot, String name, Tensor value) {
      right.writeSlot(slot, name, value);
    }

    @Override
    public void resetSlots() {
      right.resetSlots();
    }

    @Override
    public Weights snapshot() {
      return right.snapshot();
    }

    @Override
    public void close() {
      right.close();
    }
  }
}
