package dev.lentil.backend.cuda;

import dev.lentil.backend.FlatParameters;
import dev.lentil.backend.ParameterAverage;
import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.Grid;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Parameters on the card. What an optimiser may change comes first, in network order, the moving statistics after it, so that the
 * trained end of a network is one range. Every parameter starts at a multiple of 16 bytes, also in the bfloat16 copy; the gaps
 * are zero and stay so. Gradients and slots take memory once something trains.
 */
final class CudaParameters extends FlatParameters<DeviceMemory> {
  private static final int ALIGNMENT = 8;

  private final CudaDevice device;
  private final DeviceMemory values;
  private Optional<DeviceMemory> gradients = Optional.empty();
  private final Map<Integer, DeviceMemory> slots = new HashMap<>();
  private Optional<DeviceMemory> bfloat16 = Optional.empty();
  private long bfloat16Version;
  private boolean open = true;

  CudaParameters(CudaDevice device, Network network, Weights weights) {
    super(network, Stream.concat(network.parameters().stream().filter(spec -> spec.role().learned()),
        network.parameters().stream().filter(spec -> !spec.role().learned())).toList(), ALIGNMENT);
    this.device = device;
    float[] flat = flat(weights, elements());
    values = device.driver().allocate(4L * flat.length, memory -> memory.upload(0, flat));
  }

  /** A card gives no memory of no bytes. */
  private int elements() {
    return Math.max(size(), ALIGNMENT);
  }

  CudaDevice device() {
    return device;
  }

  /** @throws IllegalStateException after {@link #close} */
  void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the parameters are closed; load the weights again");
    }
  }

  // ---- addresses ----

  long address(String parameter) {
    return values().address() + 4L * offset(parameter);
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
      case BFLOAT16 -> bfloat16().address() + 2L * offset(parameter);
    };
  }

  /** Copies the parameters to bfloat16 again if that is what matrix products read and something has changed. */
  void refresh() {
    if (device.storage() == Storage.BFLOAT16 && bfloat16Version != version()) {
      int count = elements();
      device.kernels().launch("cast.cu", "cast", Grid.elements(count), values.address(), bfloat16().address(), count)
          .enqueue(device.stream());
      bfloat16Version = version();
    }
  }

  // ---- memory ----

  @Override
  protected DeviceMemory values() {
    requireOpen();
    return values;
  }

  @Override
  protected DeviceMemory gradients() {
    requireOpen();
    if (gradients.isEmpty()) {
      gradients = Optional.of(zeros());
    }
    return gradients.get();
  }

  @Override
  protected DeviceMemory slot(int index) {
    requireOpen();
    return slots.computeIfAbsent(index, _ -> zeros());
  }

  private DeviceMemory bfloat16() {
    if (bfloat16.isEmpty()) {
      bfloat16 = Optional.of(device.driver().allocate(2L * elements()));
    }
    return bfloat16.get();
  }

  private DeviceMemory zeros() {
    device.driver().makeCurrent();
    return device.driver().allocate(4L * elements(), memory -> memory.clear(0, memory.bytes()));
  }

  @Override
  protected void copy(DeviceMemory from, int offset, float[] to) {
    device.driver().makeCurrent();
    from.download(4L * offset, to);
  }

  @Override
  protected void copy(float[] from, DeviceMemory to, int offset) {
    device.driver().makeCurrent();
    to.upload(4L * offset, from);
  }

  @Override
  public ParameterAverage average(Weights start) {
    return new CudaAverage(device, values(), flatDoubles(start.matching(network()), elements()), this::weights);
  }

  @Override
  public void resetSlots() {
    requireOpen();
    device.driver().makeCurrent();
    // Cleared, not given back: executables know the addresses.
    slots.values().forEach(memory -> memory.clear(0, memory.bytes()));
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      device.driver().makeCurrent();
      try (var owned = new Closing()) {
        owned.add(values);
        gradients.ifPresent(owned::add);
        slots.values().forEach(owned::add);
        bfloat16.ifPresent(owned::add);
      }
    }
  }
}
