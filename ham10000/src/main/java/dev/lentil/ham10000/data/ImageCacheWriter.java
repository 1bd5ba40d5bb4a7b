package dev.lentil.ham10000.data;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.image.ImageDecoder;
import dev.lentil.io.AtomicFile;
import dev.lentil.mobilenetv2.image.Resize;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Decodes and resizes images into a file for {@link ImageCache}.
 *
 * <p>The file grows beside its final place under the name {@code NAME.part} and is moved there when it is complete. Each record is
 * marked with its checksum once it is written. When the work is interrupted, however abruptly, the next run finds the part file,
 * keeps every record whose checksum is right and makes the others. One process writes at a time, which a lock on the file
 * {@code NAME.lock} sees to; others wait for it and take what it made.
 */
public final class ImageCacheWriter {
  /** Told after every image, from any thread, one call at a time. */
  @FunctionalInterface
  public interface Progress {
    /** @param done images in the file, those of an earlier run included */
    void images(int done, int total);

    /** Told once, as a line to show, if another process is writing the file and this one waits until that is done. */
    default void waiting(String line) {}
  }

  /** What a run did. {@code made} images were decoded; {@code kept} were there already. */
  public record Result(Path file, int made, int kept) {}

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Path target;
  private final CacheHeader header;
  private final CacheRecords records;
  private final List<Path> files;

  private ImageCacheWriter(Path target, CacheHeader header, List<Path> files) {
    this.target = target;
    this.header = header;
    records = header.records();
    this.files = files;
  }

  /**
   * Makes the cache, or finishes it, or finds that it is there. A cache of other images, size or method in the same place is replaced.
   *
   * @param imageIds in the order of the cache's records
   * @throws UserError when images are missing or broken; what could be made is kept for the next run
   */
  public static Result write(Path target, ImageIndex images, List<String> imageIds, int height, int width,
      Resize resize, int threads,
      Progress progress) {
    var files = images.require(imageIds);
    var header = CacheHeader.of(height, width, resize, imageIds, files);
    var writer = new ImageCacheWriter(target.toAbsolutePath(), header, files);
    try {
      return writer.write(threads, progress);
    } catch (FileAlreadyExistsException e) {
      throw new UserError(e.getFile() + ": is a file, but the image cache " + target.getFileName()
          + " needs a folder there; name another folder, or the one that the file is in", e);
    } catch (IOException e) {
      throw new UserError(
          target + ": the image cache cannot be written (" + Reason.of(e) + "); it needs "
              + writer.records.fileBytes() / 1_000_000
              + " MB in a folder that can be written to",
          e);
    } catch (InternalError e) {
      // what Java makes of a page of a mapped file that the disk does not take
      throw new UserError(target + ": the image cache cannot be written (the disk is full, or fails); it needs "
          + writer.records.fileBytes() / 1_000_000 + " MB in all" + writer.free() + "; make room and start again, "
          + "what is written is kept", e);
    }
  }

  private String free() {
    var free = AtomicFile.freeBytes(target.getParent());
    return free.isPresent() ? " and " + free.getAsLong() / 1_000_000 + " MB are free there" : "";
  }

  private Result write(int threads, Progress progress) throws IOException {
    if (isComplete()) {
      return new Result(target, 0, files.size());
    }
    Files.createDirectories(target.getParent());
    // a file of its own: a lock on the part file would go with it to its final place
    var lock = target.resolveSibling(target.getFileName() + ".lock");
    try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      awaitLock(channel, progress);
      return isComplete() ? new Result(target, 0, files.size()) : make(threads, progress);
    }
  }

  private Result make(int threads, Progress progress) throws IOException {
    var part = target.resolveSibling(target.getFileName() + ".part");
    int made;
    try (var channel =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      start(channel);
      try (var arena = Arena.ofShared()) {
        var bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, records.fileBytes(), arena);
        made = fill(bytes, threads, progress);
        bytes.force();
      }
      channel.force(true);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    return new Result(target, made, files.size() - made);
  }

  private boolean isComplete() {
    if (!Files.exists(target)) {
      return false;
    }
    try (var cache = ImageCache.open(target)) {
      if (!CacheHeader.read(target).equals(header)) {
        return false;
      }
      var record = new byte[records.bytes()];
      for (int i = 0; i < cache.count(); i++) {
        cache.copy(i, record);
      }
      return true;
    } catch (UserError e) {
      return false; // damaged: made again
    }
  }

  private void awaitLock(FileChannel channel, Progress progress) throws IOException {
    if (locked(channel)) {
      return;
    }
    progress.waiting("Another process is writing the image cache " + target + "; waiting for it");
    while (!locked(channel)) {
      try {
        Thread.sleep(BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UserError(target + ": interrupted while another process writes this cache; try again", e);
      }
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      // held by another thread of this process
      return false;
    }
  }

  /** Keeps the part file when it begins with exactly this header; otherwise starts an empty one. */
  private void start(FileChannel channel) throws IOException {
    var wanted = header.bytes();
    var found = ByteBuffer.allocate(wanted.length);
    if (channel.size() == records.fileBytes()) {
      while (found.hasRemaining() && channel.read(found, found.position()) > 0) {
        // until the header is whole
      }
    }
    if (found.flip().equals(ByteBuffer.wrap(wanted))) {
      requireSpace((long) missing(channel) * records.bytes());
    } else {
      channel.truncate(0);
      requireSpace(records.fileBytes());
      // the size first, sparse and zero: a header is only ever seen in a file of full size with no false marks
      channel.write(ByteBuffer.allocate(1), records.fileBytes() - 1);
      channel.write(ByteBuffer.wrap(wanted), 0);
      channel.force(true);
    }
  }

  /** How many records of a part file have no mark: nothing was written there, so they take no room yet. */
  private int missing(FileChannel channel) throws IOException {
    var marks = ByteBuffer.allocate(records.count() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (marks.hasRemaining() && channel.read(marks, records.mark(0) + marks.position()) > 0) {
      // until they are whole
    }
    return (int) IntStream.range(0, records.count()).filter(i -> !isMark(marks.getLong(i * Long.BYTES))).count();
  }

  private static boolean isMark(long mark) {
    return mark >>> 32 == CacheHeader.WRITTEN >>> 32;
  }

  /** A full disk would show only as a fault when a mapped page is written. */
  private void requireSpace(long needed) {
    var free = AtomicFile.freeBytes(target.getParent());
    if (free.isPresent() && free.getAsLong() < needed) {
      throw new UserError(target + ": the image cache needs " + needed / 1_000_000 + " MB but the disk has "
          + free.getAsLong() / 1_000_000 + " MB left; make room or choose another folder");
    }
  }

  /** Returns how many images were decoded. */
  private int fill(MemorySegment bytes, int threads, Progress progress) {
    var next = new AtomicInteger();
    var made = new AtomicInteger();
    var done = new AtomicInteger();
    var broken = Collections.synchronizedMap(new TreeMap<Integer, String>());
    Runnable worker = () -> {
      var record = new byte[records.bytes()];
      for (int i = next.getAndIncrement(); i < files.size() && !Thread.currentThread().isInterrupted(); i =
          next.getAndIncrement()) {
        try {
          if (!isWritten(bytes, i, record)) {
            put(bytes, i);
            made.incrementAndGet();
          }
        } catch (UserError e) {
          broken.put(i, e.getMessage());
        }
        synchronized (progress) {
          progress.images(done.incrementAndGet(), files.size());
        }
      }
    };
    try (var pool = Executors.newFixedThreadPool(threads)) {
      var workers = IntStream.range(0, threads).<Future<?>>mapToObj(t -> pool.submit(worker)).toList();
      try {
        for (var each : workers) {
          each.get();
        }
      } catch (ExecutionException e) {
        pool.shutdownNow();
        switch (e.getCause()) {
          case RuntimeException cause -> throw cause;
          case Error cause -> throw cause;
          default -> throw new IllegalStateException(e.getCause());
        }
      } catch (InterruptedException e) {
        pool.shutdownNow();
        Thread.currentThread().interrupt();
        throw new UserError(target + ": interrupted; run 'prepare' again to go on", e);
      }
    }
    if (!broken.isEmpty()) {
      int others = broken.size() - 1;
      throw new UserError(broken.values().iterator().next()
          + (others == 0 ? "" : " (and " + others + " more broken images; 'verify' lists them all)"));
    }
    return made.get();
  }

  private boolean isWritten(MemorySegment bytes, int index, byte[] record) {
    long mark = bytes.get(ImageCache.MARK, records.mark(index));
    if (!isMark(mark)) {
      return false;
    }
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, records.record(index), record, 0, record.length);
    return mark == ImageCache.mark(record, record.length);
  }

  private void put(MemorySegment bytes, int index) {
    var image = header.resize().to(ImageDecoder.decodeDermatoscopic(files.get(index)), header.height(), header.width());
    MemorySegment.copy(image.rgb(), 0, bytes, ValueLayout.JAVA_BYTE, records.record(index), records.bytes());
    bytes.set(ImageCache.MARK, records.mark(index), ImageCache.mark(image.rgb(), records.bytes()));
    ImageCache.meetFaults();
  }
}
