package dev.lentil.backend.cpu;

import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All parameters in one flat array, with gradients and the optimiser's memory in arrays of the same layout, so that an
 * update walks straight through. Gradients and slots take memory once something trains.
 */
final class CpuParameters implements ParameterBank {
  private static final int SLOTS = 2;
  private static final float[] NONE = {};

  private final Network network;
  private final Map<String, Integer> offsets = new HashMap<>();
  private final Map<String, Long> stamps = new HashMap<>();
  private final int size;
  private final float[] values;
  private float[] gradients = NONE;
  private final float[][] slots = {NONE, NONE};
  private long version = 1;

  CpuParameters(Network network, Weights weights) {
    this.network = network;
    int total = 0;
    for (ParameterSpec spec : network.parameters()) {
      offsets.put(spec.name(), total);
      total += spec.shape().size();
    }
    size = total;
    values = new float[total + Kernels.SLACK];
    for (ParameterSpec spec : network.parameters()) {
      System.arraycopy(weights.get(spec.name()).floats(), 0, values, offset(spec.name()), spec.shape().size());
      stamps.put(spec.name(), version);
    }
  }

  float[] values() {
    return values;
  }

  float[] gradients() {
    if (gradients.length == 0) {
      gradients = new float[size + Kernels.SLACK];
    }
    return gradients;
  }

  float[] slot(int index) {
    if (slots[index].length == 0) {
      slots[index] = new float[size + Kernels.SLACK];
    }
    return slots[index];
  }

  /** Where a parameter starts in each of the arrays. */
  int offset(String parameter) {
    return offsets.get(parameter);
  }

  /** Rises whenever this one parameter changes. */
  long stamp(String parameter) {
    return stamps.get(parameter);
  }

  /** Says that a parameter was changed in place. */
  void changed(String parameter) {
    stamps.put(parameter, ++version);
  }

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
    return copyOut(values, network.parameter(parameter));
  }

  @Override
  public void read(String parameter, double[] into) {
    int offset = offset(parameter);
    int size = network.parameter(parameter).shape().size();
    for (int i = 0; i < size; i++) {
      into[i] = values[offset + i];
    }
  }

  @Override
  public void write(String parameter, Tensor value) {
    copyIn(value, values, network.parameter(parameter));
    changed(parameter);
  }

  @Override
  public Tensor readGradient(String parameter) {
    return copyOut(gradients(), network.parameter(parameter));
  }

  @Override
  public void writeGradient(String parameter, Tensor value) {
    copyIn(value, gradients(), network.parameter(parameter));
  }

  @Override
  public Tensor readSlot(int slot, String parameter) {
    return copyOut(slot(slot), network.parameter(parameter));
  }

  @Override
  public void writeSlot(int slot, String parameter, Tensor value) {
    copyIn(value, slot(slot), network.parameter(parameter));
  }

  @Override
  public void resetSlots() {
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = NONE;
    }
  }

  @Override
  public Weights snapshot() {
    var tensors = new LinkedHashMap<String, Tensor>();
    for (ParameterSpec spec : network.parameters()) {
      tensors.put(spec.name(), copyOut(values, spec));
    }
    return new Weights(tensors);
  }

  private Tensor copyOut(float[] from, ParameterSpec spec) {
    float[] copy = new float[spec.shape().size()];
    System.arraycopy(from, offset(spec.name()), copy, 0, copy.length);
    return Tensor.of(spec.shape(), copy);
  }

  private void copyIn(Tensor from, float[] to, ParameterSpec spec) {
    if (!from.shape().equals(spec.shape())) {
      throw new IllegalArgumentException(spec.name() + " is " + spec.shape() + ", got " + from.shape());
    }
    System.arraycopy(from.floats(), 0, to, offset(spec.name()), spec.shape().size());
  }

  @Override
  public void close() {
    // Plain arrays: the collector takes them.
  }
}
