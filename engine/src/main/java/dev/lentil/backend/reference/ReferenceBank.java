package dev.lentil.backend.reference;

import dev.lentil.backend.KnownGradients;
import dev.lentil.backend.ParameterAverage;
import dev.lentil.backend.ParameterBank;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parameters, gradients and the optimiser's slots, each a {@code double[]} under the parameter's name. */
final class ReferenceBank implements ParameterBank {
  private final Network network;
  private final Map<String, double[]> parameters = new HashMap<>();
  private final Map<String, double[]> gradients = new HashMap<>();
  private final Map<SlotKey, double[]> slots = new HashMap<>();
  private final KnownGradients known;
  private long version;

  private record SlotKey(int slot, String parameter) {}

  ReferenceBank(Network network, Weights weights) {
    this.network = network;
    known = new KnownGradients(network);
    weights.matching(network).tensors().forEach((name, tensor) -> parameters.put(name, tensor.doubles().clone()));
  }

  // ---- for the operations: the arrays themselves ----

  /** The live values. Who changes them must call {@link #changed()}. */
  double[] parameter(String name) {
    return parameters.get(network.parameter(name).name());
  }

  /** The live gradient; zeros when it is asked for the first time. */
  double[] gradient(String name) {
    return gradients.computeIfAbsent(name, this::zeros);
  }

  /** The live optimiser slot; zeros when it is asked for the first time. */
  double[] slot(int slot, String name) {
    return slots.computeIfAbsent(new SlotKey(slot, name), key -> zeros(key.parameter()));
  }

  /** Says whose gradients a run has left. */
  void calculated(List<String> names) {
    known.add(names);
  }

  void changed() {
    version++;
  }

  private double[] zeros(String name) {
    return new double[network.parameter(name).shape().size()];
  }

  // ---- for callers: copies ----

  @Override
  public Network network() {
    return network;
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public Tensor read(String parameter) {
    return copy(parameter, parameter(parameter));
  }

  @Override
  public void write(String parameter, Tensor value) {
    set(parameter, parameter(parameter), value);
    changed();
  }

  @Override
  public Tensor readGradient(String parameter) {
    known.require(parameter);
    return copy(parameter, gradient(parameter));
  }

  @Override
  public void writeGradient(String parameter, Tensor value) {
    set(parameter, gradient(parameter), value);
    calculated(List.of(parameter));
  }

  @Override
  public Tensor readSlot(int slot, String parameter) {
    return copy(parameter, slot(ParameterBank.requireSlot(slot), parameter));
  }

  @Override
  public void writeSlot(int slot, String parameter, Tensor value) {
    set(parameter, slot(ParameterBank.requireSlot(slot), parameter), value);
  }

  @Override
  public void resetSlots() {
    slots.clear();
  }

  @Override
  public Weights snapshot() {
    var copies = new LinkedHashMap<String, Tensor>();
    for (ParameterSpec spec : network.parameters()) {
      copies.put(spec.name(), read(spec.name()));
    }
    return new Weights(copies);
  }

  @Override
  public ParameterAverage average(Weights start) {
    var means = new LinkedHashMap<String, double[]>();
    start.matching(network).tensors().forEach((name, tensor) -> means.put(name, tensor.doubles().clone()));
    return new ParameterAverage() {
      @Override
      public void add(double share) {
        means.forEach((name, mean) -> {
          double[] now = parameter(name);
          for (int i = 0; i < mean.length; i++) {
            mean[i] += share * (now[i] - mean[i]);
          }
        });
      }

      @Override
      public Weights weights() {
        var copies = new LinkedHashMap<String, Tensor>();
        means.forEach((name, mean) -> copies.put(name, copy(name, mean)));
        return new Weights(copies);
      }

      @Override
      public void close() {
        // Nothing to release: the arrays belong to the garbage collector.
      }
    };
  }

  private Tensor copy(String parameter, double[] values) {
    return Tensor.of(network.parameter(parameter).shape(), values.clone());
  }

  private void set(String parameter, double[] destination, Tensor value) {
    network.parameter(parameter).requireShape(value.shape());
    System.arraycopy(value.doubles(), 0, destination, 0, destination.length);
  }

  @Override
  public void close() {
    // Nothing to release: the arrays belong to the garbage collector.
  }
}
