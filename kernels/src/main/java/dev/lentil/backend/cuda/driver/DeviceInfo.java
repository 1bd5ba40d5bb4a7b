package dev.lentil.backend.cuda.driver;

import java.util.Locale;

/**
 * A card, as the driver describes it.
 *
 * @param index its number as CUDA counts: the fastest first, unless {@code CUDA_DEVICE_ORDER=PCI_BUS_ID} asks for the order of
 *     {@code nvidia-smi -L}, and only what {@code CUDA_VISIBLE_DEVICES} names, in the order there
 * @param architecture its compute capability as one number: 90 for 9.0
 * @param memoryBytes its memory
 * @param driverVersion the newest CUDA that the driver supports: 13000 for 13.0
 */
public record DeviceInfo(int index, String name, int architecture, long memoryBytes, int driverVersion) {

  /** For people: {@code NVIDIA H200, compute capability 9.0, 139.7 GiB, driver for CUDA 13.0}. */
  public String text() {
    return String.format(Locale.ROOT, "%s, compute capability %d.%d, %.1f GiB, driver for CUDA %d.%d", name,
        architecture / 10,
        architecture % 10, memoryBytes / (double) (1L << 30), driverVersion / 1000, driverVersion % 1000 / 10);
  }
}
