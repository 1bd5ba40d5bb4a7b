package dev.lentil.safetensors;

import dev.lentil.io.FileReason;
import dev.lentil.io.MappedFile;
import dev.lentil.io.WrongDownload;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An open safetensors file. The file is mapped into memory and a tensor is copied out of it when asked for, so opening
 * costs the header alone, but of a file in a jar or a pipe, which is read. The header is checked strictly; a damaged or
 * hostile file ends in one {@link SafetensorsException}.
 *
 * <p>Layout: a little-endian 64-bit header length, the JSON header, the data.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** The longest header that is read, in bytes; the limit of the format's own reader. */
  public static final long MAX_HEADER = 100_000_000;

  private static final int LENGTH_BYTES = 8;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * What the header says about one tensor.
   *
   * @param shape extents, outermost first; may hold zeros
   * @param begin the first byte, counted from the end of the header
   * @param end the byte after the last
   */
  public record Entry(String name, Dtype dtype, List<Long> shape, long begin, long end) {
    public Entry {
      shape = List.copyOf(shape);
    }
  }

  private final Path path;
  private final Runnable release;
  private final MemorySegment data;
  private final SafetensorsHeader header;

  private SafetensorsFile(Path path, Runnable release, MemorySegment data, SafetensorsHeader header) {
    this.path = path;
    this.release = release;
    this.data = data;
    this.header = header;
  }

  /**
   * @throws SafetensorsException if the file is not a sound safetensors file; if it cannot be read, with the {@link IOException} as
   *     its cause
   */
  public static SafetensorsFile open(Path path) {
    if (Files.isDirectory(path)) {
      throw new SafetensorsException(path, "is a folder, not a safetensors file");
    }
    Arena arena = Arena.ofShared();
    try {
      return parse(path, MappedFile.of(path, arena), arena::close);
    } catch (NoSuchFileException e) {
      arena.close();
      throw new SafetensorsException(path, "there is no such file", e);
    } catch (IOException e) {
      arena.close();
      throw new SafetensorsException(path, "cannot be read (" + FileReason.of(e) + ")", e);
    } catch (RuntimeException | Error e) {
      // also when memory runs out over the header: the mapping would stay to the end of the process
      arena.close();
      throw e;
    }
  }

  /**
   * A file whose bytes are in memory already: mapped by the caller, who keeps them valid, or a part of an archive.
   *
   * @param name for messages
   * @throws SafetensorsException if the bytes are not a sound safetensors file
   */
  public static SafetensorsFile in(Path name, MemorySegment bytes) {
    return parse(name, bytes, () -> {});
  }

  private static SafetensorsFile parse(Path path, MemorySegment all, Runnable release) {
    WrongDownload.of(all).ifPresent(what -> {
      throw new SafetensorsException(path, what);
    });
    long size = all.byteSize();
    if (size < LENGTH_BYTES) {
      throw new SafetensorsException(path, "has " + size + " bytes, too few for a safetensors file");
    }
    long length = all.get(LONG, 0);
    // Both comparisons are before any allocation: the length is whatever the file's author wrote.
    if (length < 0 || length > MAX_HEADER) {
      throw new SafetensorsException(path, "announces a header of " + Long.toUnsignedString(length)
          + " bytes (at most " + MAX_HEADER + " are read); this is not a safetensors file, or it is damaged");
    }
    if (length > size - LENGTH_BYTES) {
      throw new SafetensorsException(path, "announces a header of " + length + " bytes, but only "
          + (size - LENGTH_BYTES) + " follow; the file is cut off, or not a safetensors file");
    }
    byte[] json = all.asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment data = all.asSlice(LENGTH_BYTES + length);
    return new SafetensorsFile(path, release, data, SafetensorsHeader.parse(path, json, data.byteSize()));
  }

  public Path path() {
    return path;
  }

  /** The {@code __metadata__} of the header; empty if there is none. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** The tensors' names, in the order of the header. */
  public Set<String> names() {
    return header.entries().keySet();
  }

  public boolean contains(String name) {
    return header.entries().containsKey(name);
  }

  /**
   * @throws SafetensorsException if there is no such tensor
   */
  public Entry entry(String name) {
    Entry entry = header.entries().get(name);
    if (entry == null) {
      throw new SafetensorsException(path, "there is no tensor '" + name + "'");
    }
    return entry;
  }

  /**
   * A copy of a floating-point tensor: F64 as {@link Tensor.F64}, smaller ones as {@link Tensor.F32}, all exactly.
   *
   * @throws SafetensorsException if there is no such tensor, it holds whole numbers, or it is empty or too large for an
   *     array
   */
  public Tensor tensor(String name) {
    Entry entry = entry(name);
    if (!entry.dtype().isFloat()) {
      throw wrongType(entry, "floating-point numbers");
    }
    return entry.dtype().decode(shape(entry), segment(entry), ByteOrder.LITTLE_ENDIAN);
  }

  /** All floating-point tensors whose names start with a prefix, by the rest of their names, in the header's order. */
  public Map<String, Tensor> tensors(String prefix) {
    var tensors = new LinkedHashMap<String, Tensor>();
    for (Entry entry : header.entries().values()) {
      if (entry.name().startsWith(prefix) && entry.dtype().isFloat()) {
        tensors.put(entry.name().substring(prefix.length()), tensor(entry.name()));
      }
    }
    return tensors;
  }

  /**
   * A copy of a tensor of bytes: U8, I8 or BOOL, as they are in the file.
   *
   * @throws SafetensorsException if there is no such tensor or it is of another type
   */
  public byte[] bytes(String name) {
    Entry entry = entry(name);
    return switch (entry.dtype()) {
      case U8, I8, BOOL -> {
        requireArray(entry);
        yield segment(entry).toArray(ValueLayout.JAVA_BYTE);
      }
      default -> throw wrongType(entry, "bytes");
    };
  }

  /**
   * A copy of a tensor of whole numbers of any width; U8, U16, U32 and BOOL without sign, U64 as its bits are.
   *
   * @throws SafetensorsException if there is no such tensor or it is of another type
   */
  public long[] longs(String name) {
    Entry entry = entry(name);
    if (entry.dtype().isFloat()) {
      throw wrongType(entry, "whole numbers");
    }
    requireArray(entry);
    MemorySegment bytes = segment(entry);
    return entry.dtype().longs((int) (bytes.byteSize() / entry.dtype().bytes()), bytes, ByteOrder.LITTLE_ENDIAN);
  }

  /** Gives the mapping back; tensors that were read stay valid, being copies. */
  @Override
  public void close() {
    release.run();
  }

  private MemorySegment segment(Entry entry) {
    return data.asSlice(entry.begin(), entry.end() - entry.begin());
  }

  /** The shape as the engine has it, whose extents are ints of at least 1. */
  private Shape shape(Entry entry) {
    requireArray(entry);
    return Shape.of(entry.shape().stream().mapToInt(Long::intValue).toArray());
  }

  private void requireArray(Entry entry) {
    long elements = (entry.end() - entry.begin()) / entry.dtype().bytes();
    if (elements == 0 || elements > Integer.MAX_VALUE - 8) {
      throw new SafetensorsException(path,
          "tensor '" + entry.name() + "' of shape " + entry.shape() + " has " + elements
              + " elements; from 1 to " + (Integer.MAX_VALUE - 8) + " can be read");
    }
  }

  private SafetensorsException wrongType(Entry entry, String wanted) {
    return new SafetensorsException(path, "tensor '" + entry.name() + "' is " + entry.dtype() + ", not " + wanted);
  }
}
