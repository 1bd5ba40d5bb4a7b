package dev.lentil.backend.cuda;

import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.Grid;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All parameters in one piece of device memory, float32, with gradients and the optimiser's memory in pieces of the same
 * layout. What an optimiser may change comes first, in network order, the moving statistics after it, so that the trained
 * end of a network is one range. Every parameter starts at a multiple of 16 bytes, also in the bfloat16 copy; the gaps are
 * zero and stay so. Gradients and slots take memory once something trains.
 */
final class CudaParameters implements ParameterBank {
  private static final int SLOTS = 2;
  private static final int ALIGNMENT = 8;

  private final CudaDevice device;
  private final Network network;
  private final Map<String, Integer> offsets = new HashMap<>();
  private final Map<String, Long> stamps = new HashMap<>();
  private final int size;
  private final DeviceMemory values;
  private Optional<DeviceMemory> gradients = Optional.empty();
  private final Map<Integer, DeviceMemory> slots = new HashMap<>();
  private Optional<DeviceMemory> narrow = Optional.empty();
  private long narrowVersion;
  private long version = 1;

  CudaParameters(CudaDevice device, Network network, Weights weights) {
    this.device = device;
    this.network = network;
    int total = 0;
    List<ParameterSpec> ordered = Stream.concat(network.parameters().stream().filter(spec -> spec.role().learned()),
        network.parameters().stream().filter(spec -> !spec.role().learned())).toList();
    for (ParameterSpec spec : ordered) {
      offsets.put(spec.name(), total);
      stamps.put(spec.name(), version);
      total += padded(spec);
    }
    size = Math.max(total, ALIGNMENT);
    float[] flat = new float[size];
    for (ParameterSpec spec : ordered) {
      System.arraycopy(weights.get(spec.name()).floats(), 0, flat, offset(spec.name()), spec.shape().size());
    }
    values = device.driver().allocate(4L * size);
    values.upload(0, flat);
  }

  private static int padded(ParameterSpec spec) {
    return (spec.shape().size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  CudaDevice device() {
    return device;
  }

  // ---- addresses ----

  long address(String parameter) {
    return values.address() + 4L * offset(parameter);
  }

  long gradientAddress(String parameter) {
    return gradients().address() + 4L * offset(parameter);
  }

  long slotAddress(int slot, String parameter) {
    return slot(slot).address() + 4L * offset(parameter);
  }

  /** The parameter in the type that matrix products read; up to date after {@link #refresh()}. */
  long storedAddress(String parameter) {
    return switch (device.storage()) {
      case FLOAT32 -> address(parameter);
      case BFLOAT16 -> narrow().address() + 2L * offset(parameter);
    };
  }

  /** Copies the parameters to bfloat16 again if that is what matrix products read and something has changed. */
  void refresh() {
    if (device.storage() == Storage.BFLOAT16 && narrowVersion != version) {
      device.kernels().launch("cast.cu", "cast", Grid.elements(size), values.address(), narrow().address(), size)
          .enqueue(device.stream());
      narrowVersion = version;
    }
  }

  /** The elements from the start of one parameter to the start of the next. */
  int extent(String parameter) {
    return padded(network.parameter(parameter));
  }

  /** Where a parameter starts in each of the pieces, in elements. */
  int offset(String parameter) {
    return offsets.get(parameter);
  }

  private DeviceMemory gradients() {
    if (gradients.isEmpty()) {
      gradients = Optional.of(zeros());
    }
    return gradients.get();
  }

  private DeviceMemory slot(int index) {
    return slots.computeIfAbsent(index, _ -> zeros());
  }

  private DeviceMemory narrow() {
    if (narrow.isEmpty()) {
      narrow = Optional.of(device.driver().allocate(2L * size));
    }
    return narrow.get();
  }

  private DeviceMemory zeros() {
    DeviceMemory memory = device.driver().allocate(4L * size);
    memory.clear(0, memory.bytes());
    return memory;
  }

  // ---- changes ----

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

  // ---- copies ----

  @Override
  public Tensor read(String parameter) {
    return copyOut(values, network.parameter(parameter));
  }

  @Override
  public void read(String parameter, double[] into) {
    float[] copy = read(parameter).floats();
    for (int i = 0; i < copy.length; i++) {
      into[i] = copy[i];
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
    return copyOut(slot(checked(slot)), network.parameter(parameter));
  }

  @Override
  public void writeSlot(int slot, String parameter, Tensor value) {
    copyIn(value, slot(checked(slot)), network.parameter(parameter));
  }

  private static int checked(int slot) {
    if (slot < 0 || slot >= SLOTS) {
      throw new IllegalArgumentException("an optimiser has slots 0 to " + (SLOTS - 1) + ", not " + slot);
    }
    return slot;
  }

  @Override
  public void resetSlots() {
    device.driver().makeCurrent();
    // Cleared, not given back: executables know the addresses.
    slots.values().forEach(memory -> memory.clear(0, memory.bytes()));
  }

  @Override
  public Weights snapshot() {
    device.driver().makeCurrent();
    float[] flat = new float[size];
    values.download(0, flat);
    var tensors = new LinkedHashMap<String, Tensor>();
    for (ParameterSpec spec : network.parameters()) {
      float[] copy = new float[spec.shape().size()];
      System.arraycopy(flat, offset(spec.name()), copy, 0, copy.length);
      tensors.put(spec.name(), Tensor.of(spec.shape(), copy));
    }
    return new Weights(tensors);
  }

  private Tensor copyOut(DeviceMemory from, ParameterSpec spec) {
    device.driver().makeCurrent();
    float[] copy = new float[spec.shape().size()];
    from.download(4L * offset(spec.name()), copy);
    return Tensor.of(spec.shape(), copy);
  }

  private void copyIn(Tensor from, DeviceMemory to, ParameterSpec spec) {
    if (!from.shape().equals(spec.shape())) {
      throw new IllegalArgumentException(spec.name() + " is " + spec.shape() + ", got " + from.shape());
    }
    device.driver().makeCurrent();
    to.upload(4L * offset(spec.name()), from.floats());
  }

  @Override
  public void close() {
    device.driver().makeCurrent();
    try (var owned = new Closing()) {
      owned.add(values);
      gradients.ifPresent(owned::add);
      slots.values().forEach(owned::add);
      narrow.ifPresent(owned::add);
    }
  }
}
