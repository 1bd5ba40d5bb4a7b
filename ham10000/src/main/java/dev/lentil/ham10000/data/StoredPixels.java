package dev.lentil.ham10000.data;

import dev.lentil.backend.Device;
import dev.lentil.backend.ImageStore;
import dev.lentil.plan.Plan;
import java.util.List;
import java.util.Optional;

/**
 * Images that a device holds as well, where it can: batches then name them instead of carrying them. Closing gives back what
 * the device holds, not the images.
 */
public final class StoredPixels implements Pixels, AutoCloseable {
  private final Pixels pixels;
  private final Optional<ImageStore> store;

  private StoredPixels(Pixels pixels, Optional<ImageStore> store) {
    this.pixels = pixels;
    this.store = store;
  }

  /**
   * Asks a device to hold images.
   *
   * @param beside plans that the device must have room for as well
   */
  public static StoredPixels on(Device device, Pixels pixels, List<Plan> beside) {
    return new StoredPixels(pixels, device.store(pixels, beside));
  }

  @Override
  public Optional<ImageStore> store() {
    return store;
  }

  @Override
  public int height() {
    return pixels.height();
  }

  @Override
  public int width() {
    return pixels.width();
  }

  @Override
  public int count() {
    return pixels.count();
  }

  @Override
  public void copy(int index, byte[] rgb) {
    pixels.copy(index, rgb);
  }

  @Override
  public long checksum(int index) {
    return pixels.checksum(index);
  }

  @Override
  public void close() {
    store.ifPresent(ImageStore::close);
  }
}
