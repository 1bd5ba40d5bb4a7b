package dev.lentil.safetensors;

import dev.lentil.io.AtomicFile;
import dev.lentil.json.Json;
import dev.lentil.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes safetensors files. The bytes depend on the content alone: float64 tensors before float32 ones, each by name,
 * as the format's own writer has it, and metadata by key. The data starts at a multiple of 8 bytes, so every element is
 * aligned.
 */
public final class SafetensorsWriter {
  private static final int CHUNK = 1 << 16;

  private SafetensorsWriter() {}

  /**
   * Writes a file next to its place and moves it there when it is complete, so that a reader sees the old file or the
   * new one, never a part.
   *
   * @throws SafetensorsException if it cannot be written, or a tensor has the name that the format keeps for the metadata
   */
  public static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) {
    write(path, Optional.empty(), tensors, metadata);
  }

  /**
   * As {@link #write(Path, Map, Map)}, and keeps the file that was there.
   *
   * @param previous where that goes, if it is to be kept
   */
  public static void write(Path path, Optional<Path> previous, Map<String, Tensor> tensors,
      Map<String, String> metadata) {
    if (tensors.containsKey(SafetensorsHeader.METADATA)) {
      throw new SafetensorsException(path, "a tensor cannot be called " + SafetensorsHeader.METADATA
          + ", which is where the format has the metadata; give it another name");
    }
    List<Map.Entry<String, Tensor>> order = new ArrayList<>(tensors.entrySet());
    order.sort(Comparator.comparing((Map.Entry<String, Tensor> e) -> dtype(e.getValue()).bytes()).reversed()
        .thenComparing(Map.Entry::getKey));
    byte[] header = header(order, metadata);
    long bytes = Long.BYTES + header.length + order.stream().mapToLong(e -> bytes(e.getValue())).sum();
    try {
      AtomicFile.write(path, previous, bytes, channel -> {
        AtomicFile.writeFully(channel,
            ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).flip());
        AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (Map.Entry<String, Tensor> entry : order) {
          writeValues(channel, chunk, entry.getValue());
        }
      });
    } catch (IOException e) {
      throw new SafetensorsException(e);
    }
  }

  private static long bytes(Tensor tensor) {
    return (long) tensor.shape().size() * dtype(tensor).bytes();
  }

  private static byte[] header(List<Map.Entry<String, Tensor>> order, Map<String, String> metadata) {
    var root = new LinkedHashMap<String, Object>();
    if (!metadata.isEmpty()) {
      root.put(SafetensorsHeader.METADATA, new TreeMap<>(metadata));
    }
    long at = 0;
    for (Map.Entry<String, Tensor> entry : order) {
      Tensor tensor = entry.getValue();
      Dtype dtype = dtype(tensor);
      long end = at + bytes(tensor);
      var fields = new LinkedHashMap<String, Object>();
      fields.put("dtype", dtype);
      fields.put("shape", tensor.shape().toArray());
      fields.put("data_offsets", List.of(at, end));
      root.put(entry.getKey(), fields);
      at = end;
    }
    byte[] json = Json.compact(root).getBytes(StandardCharsets.UTF_8);
    // The format allows trailing spaces in the header for this purpose.
    byte[] padded = Arrays.copyOf(json, Math.ceilDiv(json.length, Long.BYTES) * Long.BYTES);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static void writeValues(FileChannel channel, ByteBuffer chunk, Tensor tensor) throws IOException {
    int size = tensor.shape().size();
    int perChunk = CHUNK / dtype(tensor).bytes();
    for (int from = 0; from < size; from += perChunk) {
      int count = Math.min(perChunk, size - from);
      chunk.clear();
      switch (tensor) {
        case Tensor.F32 t -> chunk.asFloatBuffer().put(t.floats(), from, count);
        case Tensor.F64 t -> chunk.asDoubleBuffer().put(t.doubles(), from, count);
      }
      chunk.limit(count * dtype(tensor).bytes());
      AtomicFile.writeFully(channel, chunk);
    }
  }

  private static Dtype dtype(Tensor tensor) {
    return switch (tensor) {
      case Tensor.F32 _ -> Dtype.F32;
      case Tensor.F64 _ -> Dtype.F64;
    };
  }
}
