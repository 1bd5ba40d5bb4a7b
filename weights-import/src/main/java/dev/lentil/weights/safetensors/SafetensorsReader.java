package dev.lentil.weights.safetensors;

import dev.lentil.safetensors.SafetensorsException;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.weights.store.FileBytes;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.TensorTable;
import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Safetensors: one file, or several that an index beside them names ({@code model.safetensors.index.json}, whose {@code
 * weight_map} gives each tensor's file).
 */
public final class SafetensorsReader {
  private static final String WEIGHT_MAP = "weight_map";
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private SafetensorsReader() {}

  /** Whether the file begins with the length of a header that lies inside it, and that with a brace. */
  public static boolean matches(MemorySegment bytes) {
    if (bytes.byteSize() <= Long.BYTES) {
      return false;
    }
    long header = bytes.get(LENGTH, 0);
    return header > 0 && header <= bytes.byteSize() - Long.BYTES && bytes.get(ValueLayout.JAVA_BYTE, Long.BYTES) == '{';
  }

  /**
   * @throws WeightFileException if the file is damaged
   */
  public static TensorTable read(Path file, MemorySegment bytes) {
    var metadata = new LinkedHashMap<String, String>();
    return TensorTable.of(file, FileFormat.SAFETENSORS, tensors(file, bytes, metadata), metadata);
  }

  /** Whether a JSON document is an index of shards. */
  public static boolean isIndex(Map<?, ?> json) {
    return json.get(WEIGHT_MAP) instanceof Map<?, ?>;
  }

  /**
   * @param index the JSON document in the file
   * @throws WeightFileException if the index or a shard is damaged, or a tensor is not where the index says
   */
  public static TensorTable readShards(Path file, Map<?, ?> index, FileBytes files) {
    if (!(index.get(WEIGHT_MAP) instanceof Map<?, ?> places)) {
      throw new WeightFileException(file, "there is no " + WEIGHT_MAP + " in it; this is not an index of safetensors");
    }
    if (places.values().stream().anyMatch(shard -> shard.toString().contains(".h5"))) {
      throw new WeightFileException(file,
          "this is an index of Keras's shards, which are not read; save the weights in one "
              + "file: model.save_weights(\"name.weights.h5\") without max_shard_size");
    }
    var metadata = new LinkedHashMap<String, String>();
    var found = new ArrayList<StoredTensor>();
    for (Object shard : new LinkedHashSet<>(places.values())) {
      if (!(shard instanceof String name)) {
        throw new WeightFileException(file, "the index gives " + shard + " for a file name");
      }
      found.addAll(tensors(file.resolveSibling(name), files.mapBeside(file, name), metadata));
    }
    Map<String, StoredTensor> byName = TensorTable.byName(file, found);
    for (Object name : places.keySet()) {
      if (!byName.containsKey(name)) {
        throw new WeightFileException(file, "the tensor '" + name + "' is not in the file '" + places.get(name)
            + "' that the index gives; one of the two is damaged, get both again");
      }
    }
    return new TensorTable(FileFormat.SAFETENSORS_SHARDED, byName, metadata, List.of());
  }

  private static List<StoredTensor> tensors(Path file, MemorySegment bytes, Map<String, String> metadata) {
    try (var safetensors = SafetensorsFile.in(file, bytes)) {
      metadata.putAll(safetensors.metadata());
      // The header is checked: the tensors cover the end of the file without gap or overlap.
      long data = bytes.byteSize() - safetensors.names().stream().map(safetensors::entry)
          .mapToLong(SafetensorsFile.Entry::end).max().orElse(0);
      var tensors = new ArrayList<StoredTensor>();
      for (String name : safetensors.names()) {
        SafetensorsFile.Entry entry = safetensors.entry(name);
        tensors.add(StoredTensor.of(file, name, entry.dtype(), entry.shape(),
            bytes.asSlice(data + entry.begin(), entry.end() - entry.begin()), ByteOrder.LITTLE_ENDIAN));
      }
      return tensors;
    } catch (SafetensorsException e) {
      throw new WeightFileException(e);
    }
  }
}
