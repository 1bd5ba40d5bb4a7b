package dev.lentil.backend;

import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All parameters of a network in one piece of float32 memory, with gradients and the optimiser's memory in pieces of the same
 * layout, so that an update walks straight through. Where the memory is, and when it is taken, is the backend's.
 *
 * @param <M> a piece of memory
 */
public abstract class FlatParameters<M> implements ParameterBank {
  /** Leaves room in an array for what a backend puts before and behind the parameters. */
  private static final int LARGEST = Integer.MAX_VALUE - (1 << 10);

  private final Network network;
  private final int alignment;
  private final Map<String, Integer> offsets = new HashMap<>();
  private final Map<String, Long> stamps = new HashMap<>();
  private final int size;
  private final KnownGradients known;
  private long version = 1;

  /**
   * @param order of the network's parameters in memory
   * @param alignment every parameter starts at a multiple of so many elements
   * @throws BackendException if they are more than one array can hold
   */
  protected FlatParameters(Network network, List<ParameterSpec> order, int alignment) {
    this.network = network;
    this.alignment = alignment;
    known = new KnownGradients(network);
    long total = 0;
    for (ParameterSpec spec : order) {
      offsets.put(spec.name(), (int) total);
      stamps.put(spec.name(), version);
      total += padded(spec);
      if (total > LARGEST) {
        throw new BackendException("the parameters up to '" + spec.name() + "' are " + total
            + " elements, more than one array can hold: the network is too large for this backend");
      }
    }
    size = (int) total;
  }

  private long padded(ParameterSpec spec) {
    return Math.ceilDiv((long) spec.shape().size(), alignment) * alignment;
  }

  // ---- layout ----

  /** Elements of each piece. */
  public final int size() {
    return size;
  }

  /** Where a parameter starts in each of the pieces, in elements. */
  public final int offset(String parameter) {
    return offsets.get(parameter);
  }

  /** The elements from the start of one parameter to the start of the next. */
  public final int extent(String parameter) {
    return (int) padded(network.parameter(parameter));
  }

  /** Weights in this layout, zeros between them and after them. */
  protected final float[] flat(Weights weights, int length) {
    float[] flat = new float[length];
    for (ParameterSpec spec : network.parameters()) {
      System.arraycopy(weights.get(spec.name()).floats(), 0, flat, offset(spec.name()), spec.shape().size());
    }
    return flat;
  }

  /** The same in float64. */
  protected final double[] flatDoubles(Weights weights, int length) {
    double[] flat = new double[length];
    for (ParameterSpec spec : network.parameters()) {
      System.arraycopy(weights.get(spec.name()).doubles(), 0, flat, offset(spec.name()), spec.shape().size());
    }
    return flat;
  }

  /** What {@link #flatDoubles} laid out, as weights again. */
  protected final Weights weights(double[] flat) {
    return weights((shape, from, to) -> Tensor.of(shape, Arrays.copyOfRange(flat, from, to)));
  }

  /** Copies a parameter out of a flat array. */
  private interface Cut {
    Tensor copy(Shape shape, int from, int to);
  }

  private Weights weights(Cut cut) {
    var tensors = new LinkedHashMap<String, Tensor>();
    for (ParameterSpec spec : network.parameters()) {
      int offset = offset(spec.name());
      tensors.put(spec.name(), cut.copy(spec.shape(), offset, offset + spec.shape().size()));
    }
    return new Weights(tensors);
  }

  // ---- memory ----

  protected abstract M values();

  protected abstract M gradients();

  /** @param index from 0 to {@link ParameterBank#SLOTS} - 1 */
  protected abstract M slot(int index);

  /** Copies elements from {@code offset} on until the array is full. */
  protected abstract void copy(M from, int offset, float[] to);

  /** Copies a whole array to {@code offset}. */
  protected abstract void copy(float[] from, M to, int offset);

  // ---- changes ----

  /** Rises whenever this one parameter changes. */
  public final long stamp(String parameter) {
    return stamps.get(parameter);
  }

  /** Says that a parameter was changed in place. */
  public final void changed(String parameter) {
    stamps.put(parameter, ++version);
  }

  /** Says whose gradients a run has left: those of {@link KnownGradients#of}. */
  public final void calculated(List<String> parameters) {
    known.add(parameters);
  }

  @Override
  public final Network network() {
    return network;
  }

  @Override
  public final long version() {
    return version;
  }

  // ---- copies ----

  @Override
  public final Tensor read(String parameter) {
    return copyOut(values(), parameter);
  }

  @Override
  public final void write(String parameter, Tensor value) {
    copyIn(value, values(), parameter);
    changed(parameter);
  }

  @Override
  public final Tensor readGradient(String parameter) {
    known.require(parameter);
    return copyOut(gradients(), parameter);
  }

  @Override
  public final void writeGradient(String parameter, Tensor value) {
    copyIn(value, gradients(), parameter);
    known.add(List.of(parameter));
  }

  @Override
  public final Tensor readSlot(int slot, String parameter) {
    return copyOut(slot(ParameterBank.requireSlot(slot)), parameter);
  }

  @Override
  public final void writeSlot(int slot, String parameter, Tensor value) {
    copyIn(value, slot(ParameterBank.requireSlot(slot)), parameter);
  }

  @Override
  public final Weights snapshot() {
    float[] flat = new float[size];
    copy(values(), 0, flat);
    return weights((shape, from, to) -> Tensor.of(shape, Arrays.copyOfRange(flat, from, to)));
  }

  private Tensor copyOut(M from, String parameter) {
    ParameterSpec spec = network.parameter(parameter);
    float[] copy = new float[spec.shape().size()];
    copy(from, offset(parameter), copy);
    return Tensor.of(spec.shape(), copy);
  }

  private void copyIn(Tensor from, M to, String parameter) {
    network.parameter(parameter).requireShape(from.shape());
    copy(from.floats(), to, offset(parameter));
  }
}
