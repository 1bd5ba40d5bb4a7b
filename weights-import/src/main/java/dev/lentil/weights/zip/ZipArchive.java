package dev.lentil.weights.zip;

import dev.lentil.weights.store.ByteCursor;
import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The entries of a zip archive in memory. An entry that is stored is a slice of the archive, not a copy, which {@code
 * java.util.zip} cannot give; one that is deflated is inflated when asked for. Source: PKWARE APPNOTE 6.3.10, sections
 * 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
 */
public final class ZipArchive {
  /** The most bytes that deflated entries may give in all: several times the largest MobileNetV2. */
  public static final long MAX_INFLATED = 100_000_000;

  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_BYTES = 20;
  private static final int MAX_COMMENT = 0xFFFF;
  private static final int MAX_ENTRIES = 1_000_000;
  private static final long IN_EXTRA = 0xFFFF_FFFFL;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  /** What the directory says of an entry. */
  private record Entry(String name, int flags, int method, long crc, long compressed, long size, long header) {}

  private final Path file;
  private final MemorySegment archive;
  private final Map<String, Entry> entries;
  private long inflated;

  private ZipArchive(Path file, MemorySegment archive, Map<String, Entry> entries) {
    this.file = file;
    this.archive = archive;
    this.entries = entries;
  }

  /**
   * Reads the directory of an archive.
   *
   * @param file for messages
   * @throws WeightFileException if it is damaged
   */
  public static ZipArchive of(Path file, MemorySegment archive) {
    var cursor = new ByteCursor(file, "the zip directory", archive);
    long end = findEnd(file, archive);
    cursor.position(end + 10);
    long count = cursor.u16();
    cursor.u32();
    long directory = cursor.u32();
    if (end >= LOCATOR_BYTES) {
      cursor.position(end - LOCATOR_BYTES);
      if (cursor.i32() == LOCATOR_64) {
        cursor.u32();
        cursor.position(cursor.i64());
        if (cursor.i32() != END_64) {
          throw cursor.error("there is no zip64 end record");
        }
        cursor.slice(28);
        count = cursor.i64();
        cursor.i64();
        directory = cursor.i64();
      }
    }
    if (count < 0 || count > MAX_ENTRIES) {
      throw cursor.error(count + " entries are announced");
    }
    cursor.position(directory);
    var entries = new LinkedHashMap<String, Entry>();
    for (long i = 0; i < count; i++) {
      Entry entry = entry(cursor);
      if (!entry.name.endsWith("/") && entries.putIfAbsent(entry.name, entry) != null) {
        throw cursor.error("two entries are named '" + entry.name + "'");
      }
    }
    return new ZipArchive(file, archive, entries);
  }

  /** The position of the end record: the last place that has its mark and a comment that ends with the file. */
  private static long findEnd(Path file, MemorySegment archive) {
    long size = archive.byteSize();
    ValueLayout.OfByte bytes = ValueLayout.JAVA_BYTE;
    for (long at = size - END_BYTES; at >= Math.max(0, size - END_BYTES - MAX_COMMENT); at--) {
      if (archive.get(bytes, at) == 'P' && archive.get(bytes, at + 1) == 'K') {
        var cursor = new ByteCursor(file, "the zip directory", archive);
        cursor.position(at);
        if (cursor.i32() == END) {
          cursor.position(at + END_BYTES - 2);
          if (cursor.u16() == size - END_BYTES - at) {
            return at;
          }
        }
      }
    }
    throw new WeightFileException(file, "this zip archive has no directory at its end: it is cut off; get it again");
  }

  private static Entry entry(ByteCursor cursor) {
    if (cursor.i32() != CENTRAL_HEADER) {
      throw cursor.error("no entry begins here");
    }
    cursor.slice(4);
    int flags = cursor.u16();
    int method = cursor.u16();
    cursor.slice(4);
    long crc = cursor.u32();
    long compressed = cursor.u32();
    long size = cursor.u32();
    int nameLength = cursor.u16();
    int extraLength = cursor.u16();
    int commentLength = cursor.u16();
    cursor.slice(8);
    long header = cursor.u32();
    String name = cursor.text(nameLength);
    long extraEnd = cursor.position() + extraLength;
    while (cursor.position() + 4 <= extraEnd) {
      int kind = cursor.u16();
      int length = cursor.u16();
      long next = cursor.position() + length;
      if (kind == 1) {
        // zip64: the fields that did not fit, in this order
        size = size == IN_EXTRA ? cursor.i64() : size;
        compressed = compressed == IN_EXTRA ? cursor.i64() : compressed;
        header = header == IN_EXTRA ? cursor.i64() : header;
      }
      cursor.position(next);
    }
    cursor.position(extraEnd);
    cursor.slice(commentLength);
    return new Entry(name, flags, method, crc, compressed, size, header);
  }

  /** The names of the entries, in the directory's order; folders have none. */
  public Iterable<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  public boolean contains(String name) {
    return entries.containsKey(name);
  }

  /**
   * The bytes of an entry; its check sum has been compared.
   *
   * @return empty if there is no such entry
   * @throws WeightFileException if the entry is damaged, encrypted, of an unknown compression, or with those
   *     before it inflates to more than {@link #MAX_INFLATED} bytes
   */
  public Optional<MemorySegment> find(String name) {
    return Optional.ofNullable(entries.get(name)).map(this::bytes);
  }

  /** As {@link #find}, for an entry that must be there. */
  public MemorySegment get(String name) {
    return find(name).orElseThrow(
        () -> new WeightFileException(file, "the archive has no entry '" + name + "'; it is incomplete, get it again"));
  }

  private MemorySegment bytes(Entry entry) {
    String what = "the zip entry '" + entry.name + "'";
    var cursor = new ByteCursor(file, what, archive);
    cursor.position(entry.header);
    if (cursor.i32() != LOCAL_HEADER) {
      throw cursor.error("no entry begins here");
    }
    cursor.slice(22);
    int nameLength = cursor.u16();
    int extraLength = cursor.u16();
    cursor.slice(nameLength);
    cursor.slice(extraLength);
    if ((entry.flags & 1) != 0) {
      throw new WeightFileException(file, what + " is encrypted; unpack and pack it again without a password");
    }
    MemorySegment compressed = cursor.slice(entry.compressed);
    MemorySegment bytes = switch (entry.method) {
      case STORED -> compressed;
      case DEFLATED -> inflate(entry, what, compressed);
      default -> throw new WeightFileException(file, what + " is compressed by method " + entry.method
          + "; only stored and deflated entries are read");
    };
    if (bytes.byteSize() != entry.size || crc(bytes) != entry.crc) {
      throw new WeightFileException(file, what + " does not have the length and check sum that the directory gives; "
          + "the file is damaged, get it again");
    }
    return bytes;
  }

  private MemorySegment inflate(Entry entry, String what, MemorySegment compressed) {
    if (entry.size < 0 || entry.size > MAX_INFLATED - inflated) {
      throw new WeightFileException(file, what + " announces " + Long.toUnsignedString(entry.size)
          + " bytes once inflated; of all entries together at most " + MAX_INFLATED + " are read");
    }
    // One byte of deflate gives 1032 at most, so a small entry cannot make a large array.
    if (entry.size > (compressed.byteSize() + 1) * 1032) {
      throw new WeightFileException(file, what + " cannot inflate to " + entry.size
          + " bytes; the file is damaged, get it again");
    }
    byte[] bytes = new byte[(int) entry.size];
    inflated += entry.size;
    var inflater = new Inflater(true);
    try {
      inflater.setInput(compressed.asByteBuffer());
      int length = 0;
      while (length < bytes.length) {
        int more = inflater.inflate(bytes, length, bytes.length - length);
        if (more == 0) {
          throw new WeightFileException(file, what + " ends after " + length + " of " + bytes.length
              + " bytes; the file is damaged, get it again");
        }
        length += more;
      }
      return MemorySegment.ofArray(bytes);
    } catch (DataFormatException e) {
      throw new WeightFileException(file, what + " is damaged (" + e.getMessage() + "); get the file again", e);
    } finally {
      inflater.end();
    }
  }

  private static long crc(MemorySegment bytes) {
    var crc = new CRC32();
    long step = 1 << 30;
    for (long at = 0; at < bytes.byteSize(); at += step) {
      ByteBuffer part = bytes.asSlice(at, Math.min(step, bytes.byteSize() - at)).asByteBuffer();
      crc.update(part);
    }
    return crc.getValue();
  }
}
