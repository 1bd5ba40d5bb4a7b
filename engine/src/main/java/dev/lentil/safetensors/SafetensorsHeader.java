package dev.lentil.safetensors;

import dev.lentil.json.Json;
import dev.lentil.json.JsonException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON part of a safetensors file, checked: every tensor has a known type, its bytes are as many as its shape
 * needs, and all tensors together cover the data exactly once, without gap or overlap. A reader of a checked header can
 * trust it. Source: the format section of the safetensors README.
 */
final class SafetensorsHeader {
  static final String METADATA = "__metadata__";

  private final Path file;
  private final Map<String, SafetensorsFile.Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private SafetensorsHeader(Path file) {
    this.file = file;
  }

  /**
   * @param json the header's bytes, padding included
   * @param dataSize how many bytes follow the header
   */
  static SafetensorsHeader parse(Path file, byte[] json, long dataSize) {
    var header = new SafetensorsHeader(file);
    Object root;
    try {
      root = Json.parse(json);
    } catch (JsonException e) {
      throw new SafetensorsException(file, "the header is damaged: " + e.getMessage(), e);
    }
    if (!(root instanceof Map<?, ?> members)) {
      throw new SafetensorsException(file, "the header is not a JSON object");
    }
    members.forEach((name, value) -> {
      if (name.equals(METADATA)) {
        header.readMetadata(value);
      } else {
        header.entries.put((String) name, header.readEntry((String) name, value));
      }
    });
    header.requireCover(dataSize);
    return header;
  }

  Map<String, SafetensorsFile.Entry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  private void readMetadata(Object value) {
    if (!(value instanceof Map<?, ?> members)) {
      throw new SafetensorsException(file, "the header's " + METADATA + " is not an object");
    }
    members.forEach((key, text) -> {
      if (!(text instanceof String string)) {
        throw new SafetensorsException(file, "the header's " + METADATA + " entry '" + key + "' is not text");
      }
      metadata.put((String) key, string);
    });
  }

  private SafetensorsFile.Entry readEntry(String name, Object value) {
    if (!(value instanceof Map<?, ?> fields)) {
      throw bad(name, "is not described by a JSON object");
    }
    Dtype dtype = dtype(name, fields.get("dtype"));
    List<Long> shape = numbers(name, "shape", fields.get("shape"));
    List<Long> offsets = numbers(name, "data_offsets", fields.get("data_offsets"));
    if (offsets.size() != 2) {
      throw bad(name, "has " + offsets.size() + " data_offsets, not 2");
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    if (end < begin) {
      throw bad(name, "ends at byte " + end + " before it begins at byte " + begin);
    }
    long needed = dtype.bytes();
    try {
      for (long extent : shape) {
        needed = Math.multiplyExact(needed, extent);
      }
    } catch (ArithmeticException e) {
      throw bad(name, "has a shape " + shape + " beyond all memory");
    }
    if (needed != end - begin) {
      throw bad(name, "is " + dtype + " of shape " + shape + ", which needs " + needed + " bytes, but its offsets span "
          + (end - begin));
    }
    return new SafetensorsFile.Entry(name, dtype, shape, begin, end);
  }

  private Dtype dtype(String tensor, Object value) {
    return Arrays.stream(Dtype.values()).filter(dtype -> dtype.name().equals(value)).findFirst()
        .orElseThrow(() -> bad(tensor, "has the type " + value + "; known are " + Arrays.toString(Dtype.values())));
  }

  private List<Long> numbers(String tensor, String field, Object value) {
    if (!(value instanceof List<?> elements)) {
      throw bad(tensor, "has no list " + field);
    }
    var numbers = new ArrayList<Long>();
    for (Object element : elements) {
      if (!(element instanceof Long number) || number < 0) {
        throw bad(tensor, "has " + element + " in its " + field + ", which must hold whole numbers from 0 on");
      }
      numbers.add(number);
    }
    return List.copyOf(numbers);
  }

  private void requireCover(long dataSize) {
    long at = 0;
    String last = "";
    List<SafetensorsFile.Entry> inOrder = entries.values().stream()
        .sorted(Comparator.comparingLong(SafetensorsFile.Entry::begin).thenComparingLong(SafetensorsFile.Entry::end))
        .toList();
    for (SafetensorsFile.Entry entry : inOrder) {
      if (entry.end() > dataSize) {
        throw bad(entry.name(), "ends at byte " + entry.end() + " of the data, but only " + dataSize
            + " bytes follow the header; the file is cut off or damaged");
      }
      if (entry.begin() < at) {
        throw bad(entry.name(), "overlaps tensor '" + last + "'");
      }
      if (entry.begin() > at) {
        throw bad(entry.name(), "begins at byte " + entry.begin() + " of the data, leaving a gap after byte " + at);
      }
      at = entry.end();
      last = entry.name();
    }
    if (at != dataSize) {
      throw new SafetensorsException(file, (dataSize - at) + " bytes after the last tensor belong to none");
    }
  }

  private SafetensorsException bad(String tensor, String problem) {
    return new SafetensorsException(file, "tensor '" + tensor + "' " + problem);
  }
}
