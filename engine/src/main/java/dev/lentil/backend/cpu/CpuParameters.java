package dev.lentil.backend.cpu;

import dev.lentil.backend.FlatParameters;
import dev.lentil.backend.ParameterAverage;
import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Parameters in arrays, in network order, and what executables have made of them, once for all. Gradients and slots take memory once
 * something trains.
 */
final class CpuParameters extends FlatParameters<float[]> {
  private static final float[] NONE = {};

  private final float[] values;
  private float[] gradients = NONE;
  private final float[][] slots = new float[SLOTS][];
  /** Held by the executables that use them. */
  private final Map<Key, WeakReference<Derived>> derived = new HashMap<>();

  private record Key(Class<? extends Derived> form, Kernels kernels, Object source) {}

  CpuParameters(Network network, Weights weights) {
    super(network, network.parameters(), 1);
    values = flat(weights, size() + Kernels.SLACK);
    resetSlots();
  }

  @Override
  protected float[] values() {
    return values;
  }

  @Override
  protected float[] gradients() {
    if (gradients.length == 0) {
      gradients = new float[size() + Kernels.SLACK];
    }
    return gradients;
  }

  @Override
  protected float[] slot(int index) {
    if (slots[index].length == 0) {
      slots[index] = new float[size() + Kernels.SLACK];
    }
    return slots[index];
  }

  @Override
  protected void copy(float[] from, int offset, float[] to) {
    System.arraycopy(from, offset, to, 0, to.length);
  }

  @Override
  protected void copy(float[] from, float[] to, int offset) {
    System.arraycopy(from, 0, to, offset, from.length);
  }

  /**
   * What is made of the same parameters in the same form: one object for all who ask while one of them holds it.
   *
   * @param kernels for which it is laid out
   * @param source of which parameters it is made
   */
  <D extends Derived> D derived(Class<D> form, Kernels kernels, Object source, Supplier<D> maker) {
    synchronized (derived) {
      var key = new Key(form, kernels, source);
      WeakReference<Derived> known = derived.get(key);
      Derived held = known == null ? null : known.get();
      if (held == null) {
        held = maker.get();
        derived.put(key, new WeakReference<>(held));
      }
      return form.cast(held);
    }
  }

  @Override
  public ParameterAverage average(Weights start) {
    double[] mean = flatDoubles(start.matching(network()), size());
    return new ParameterAverage() {
      @Override
      public void add(double share) {
        for (int i = 0; i < mean.length; i++) {
          mean[i] += share * (values[i] - mean[i]);
        }
      }

      @Override
      public Weights weights() {
        return CpuParameters.this.weights(mean);
      }

      @Override
      public void close() {
        // A plain array.
      }
    };
  }

  @Override
  public void resetSlots() {
    Arrays.fill(slots, NONE);
  }

  @Override
  public void close() {
    // Plain arrays: the collector takes them.
  }
}
