package dev.lentil.backend.cuda;

import dev.lentil.backend.ImageStore;
import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.image.ByteImages;
import dev.lentil.plan.Plan;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Images on a card, [count,height,width,3] bytes in one piece. */
final class CudaImages implements ImageStore {
  /** Room for what no plan knows: columns of im2col, partial sums, graphs, parameters that come later. */
  private static final long MARGIN = 256L << 20;
  /** Sent at a time. */
  private static final long CHUNK = 16L << 20;

  private final CudaDevice device;
  private final DeviceMemory memory;
  private final int height;
  private final int width;
  private final int count;
  private boolean open = true;

  private CudaImages(CudaDevice device, DeviceMemory memory, ByteImages images) {
    this.device = device;
    this.memory = memory;
    height = images.height();
    width = images.width();
    count = images.count();
  }

  /** Copies images to a card, if they and the largest of some plans find room there; says in a log line which it is. */
  static Optional<ImageStore> store(CudaDevice device, ByteImages images, List<Plan> beside) {
    long bytes = 3L * images.height() * images.width() * images.count();
    long plans = beside.stream().mapToLong(plan -> bytes(plan, device.storage())).max().orElse(0);
    long free = device.driver().free();
    String text = "cuda: " + images.count() + " images of " + images.height() + "x" + images.width() + ", " + mib(bytes)
        + ", ";
    if (bytes + plans + MARGIN > free) {
      log(text + "do not fit on the card beside a plan of " + mib(plans) + " and a margin of " + mib(MARGIN) + ", with "
          + mib(free) + " free: every batch is made by the processor and copied");
      return Optional.empty();
    }
    Optional<DeviceMemory> taken = device.driver().allocateIfFree(bytes);
    if (taken.isEmpty()) {
      log(text + "do not fit on the card any more, since another program took memory of the " + mib(free)
          + " that were free: every batch is made by the processor and copied");
      return Optional.empty();
    }
    DeviceMemory memory = taken.get();
    try {
      upload(device, images, memory);
    } catch (RuntimeException | Error e) {
      Closing.after(e, memory);
      throw e;
    }
    log(text + "lie on the card, which makes the batches of them");
    return Optional.of(new CudaImages(device, memory, images));
  }

  /** Of a plan's values, and of the widest one once more: a step may need as much for itself, see {@link Scratch}. */
  private static long bytes(Plan plan, Storage storage) {
    long widest = plan.values().stream().filter(value -> value.slot() >= 0)
        .mapToLong(value -> value.size(plan.batch())).max().orElse(0);
    return new Layout(plan, storage).bytes() + widest * storage.bytes();
  }

  private static void upload(CudaDevice device, ByteImages images, DeviceMemory memory) {
    int size = 3 * images.height() * images.width();
    int together = Math.clamp(CHUNK / size, 1, images.count());
    byte[] rgb = new byte[size];
    try (var staging = new Staging(device.driver(), device.stream())) {
      for (int first = 0; first < images.count(); first += together) {
        int from = first;
        int n = Math.min(together, images.count() - first);
        staging.send(memory, (long) first * size, n * size, buffer -> {
          for (int i = 0; i < n; i++) {
            images.copy(from + i, rgb);
            buffer.put(i * size, rgb);
          }
        });
      }
      device.stream().synchronize();
    }
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20));
  }

  private static void log(String line) {
    System.getLogger("dev.lentil").log(Level.INFO, line);
  }

  CudaDevice device() {
    return device;
  }

  /** Where an image starts. */
  long address(int index) {
    if (!open) {
      throw new IllegalStateException("the images were given back");
    }
    return memory.address() + 3L * height * width * index;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      device.driver().makeCurrent();
      memory.close();
    }
  }
}
