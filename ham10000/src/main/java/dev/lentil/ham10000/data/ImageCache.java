package dev.lentil.ham10000.data;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.mobilenetv2.image.Resize;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/**
 * All images of the data set, decoded and resized, in one memory-mapped file that {@link ImageCacheWriter} wrote: the operating system
 * keeps in memory what is used, and files over 2 GB are fine. Every image is checked against its CRC32C whenever it is read.
 *
 * <p>Safe for several threads until closed.
 */
public final class ImageCache implements Pixels, AutoCloseable {
  static final ValueLayout.OfLong MARK = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final CacheHeader header;
  private final CacheRecords records;
  private final Arena arena;
  private final MemorySegment bytes;
  private final Map<String, Integer> indexOf = new HashMap<>();

  private ImageCache(Path file, CacheHeader header, Arena arena, MemorySegment bytes) {
    this.file = file;
    this.header = header;
    records = header.records();
    this.arena = arena;
    this.bytes = bytes;
    for (int i = 0; i < header.imageIds().size(); i++) {
      indexOf.put(header.imageIds().get(i), i);
    }
  }

  /**
   * Opens a finished cache.
   *
   * @throws UserError when there is none, or when header or size are not those of a cache
   */
  public static ImageCache open(Path file) {
    try (var channel = FileChannel.open(file)) {
      var header = CacheHeader.read(channel, file);
      long fileBytes = header.records().fileBytes();
      if (channel.size() != fileBytes) {
        throw CacheHeader.damaged(file, "it has " + channel.size() + " bytes instead of " + fileBytes);
      }
      var arena = Arena.ofShared();
      try {
        return new ImageCache(file, header, arena,
            channel.map(FileChannel.MapMode.READ_ONLY, 0, fileBytes, arena));
      } catch (IOException e) {
        arena.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new UserError(file + ": no such image cache; make it with 'prepare'", e);
    } catch (IOException e) {
      throw new UserError(
          file + ": the image cache cannot be read (" + Reason.of(e) + "); check the path and its permissions", e);
    }
  }

  /** Whether the cache was made from the files of these images (by name and size), in this order. */
  public boolean isMadeFrom(ImageIndex images, List<String> imageIds) {
    return CacheHeader.of(height(), width(), resize(), imageIds, images.require(imageIds)).equals(header);
  }

  /** What the cache of HAM10000's images of a size is called. */
  public static String fileName(int height, int width, Resize resize) {
    return "ham10000-" + height + "x" + width + "-" + resize + ".cache";
  }

  public Path file() {
    return file;
  }

  @Override
  public int height() {
    return header.height();
  }

  @Override
  public int width() {
    return header.width();
  }

  public Resize resize() {
    return header.resize();
  }

  /** image_ids by index. */
  public List<String> imageIds() {
    return header.imageIds();
  }

  @Override
  public int count() {
    return header.imageIds().size();
  }

  /**
   * The number of an image.
   *
   * @throws UserError when the cache does not hold it
   */
  public int indexOf(String imageId) {
    var index = indexOf.get(imageId);
    if (index == null) {
      throw new UserError(
          file + ": the image cache has no image " + imageId + "; run 'prepare' for the present metadata");
    }
    return index;
  }

  /** {@inheritDoc} A record that cannot be read or does not match its checksum is a {@link UserError}. */
  @Override
  public void copy(int index, byte[] rgb) {
    long mark = mapped(() -> {
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, records.record(index), rgb, 0, records.bytes());
      return bytes.get(MARK, records.mark(index));
    });
    if (mark != mark(rgb, records.bytes())) {
      throw CacheHeader.damaged(file, "the checksum of image " + header.imageIds().get(index) + " is wrong");
    }
  }

  /** {@inheritDoc} As it was when the image was written. */
  @Override
  public long checksum(int index) {
    return mapped(() -> bytes.get(MARK, records.mark(index))) & 0xFFFF_FFFFL;
  }

  /** Java makes an InternalError of a page of a mapped file that is not there any more. */
  private long mapped(LongSupplier read) {
    try {
      long value = read.getAsLong();
      meetFaults();
      return value;
    } catch (InternalError e) {
      throw new UserError(CacheHeader.damaged(file, "it was cut off or its disk fails").getMessage(), e);
    }
  }

  /**
   * Throws the error that an access to a mapped file before it led to. In compiled code it is only left for the thread to
   * find, which may be long after the method that was at it. Any native call finds it; this one takes some ten nanoseconds,
   * while one that yields takes a millisecond where all processors are busy.
   */
  static void meetFaults() {
    Runtime.getRuntime().totalMemory();
  }

  static long mark(byte[] rgb, int length) {
    var crc = new CRC32C();
    crc.update(rgb, 0, length);
    return CacheHeader.WRITTEN | crc.getValue();
  }

  @Override
  public void close() {
    arena.close();
  }
}
