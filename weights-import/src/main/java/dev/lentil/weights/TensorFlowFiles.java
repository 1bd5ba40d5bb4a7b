package dev.lentil.weights;

import dev.lentil.weights.store.FileBytes;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What TensorFlow writes and Lentil does not read; Keras writes the same weights to files that it does. Sources:
 * TensorFlow's lite/schema/schema.fbs (file identifier), core/lib/io/format.h (kTableMagicNumber) and
 * python/saved_model/constants.py.
 */
final class TensorFlowFiles {
  private static final String SAVED_MODEL = "saved_model.pb";
  private static final byte[] LITE = "TFL3".getBytes(StandardCharsets.US_ASCII);
  private static final long LITE_AT = 4;
  /** A checkpoint's index ends with this. */
  private static final byte[] TABLE =
      {0x57, (byte) 0xfb, (byte) 0x80, (byte) 0x8b, 0x24, 0x75, 0x47, (byte) 0xdb};

  private TensorFlowFiles() {}

  /** What is wrong with giving this file, and what to give instead; empty if it is not one of TensorFlow's. */
  static Optional<String> error(Path path, MemorySegment file) {
    String name = path.getFileName().toString();
    if (at(file, LITE_AT, LITE)) {
      return Optional
          .of("this is a TensorFlow Lite model, which is not read; give the Keras model that it was made of, "
              + "as .keras or .h5");
    }
    if (name.equals(SAVED_MODEL)) {
      return Optional.of(savedModel());
    }
    if (at(file, file.byteSize() - TABLE.length, TABLE) || name.matches(".+\\.data-\\d{5}-of-\\d{5}")) {
      return Optional.of("this is a part of a TensorFlow checkpoint, which is not read; load the checkpoint into its "
          + "Keras model and save that: model.save_weights(\"name.weights.h5\")");
    }
    return Optional.empty();
  }

  /** As {@link #error(Path, MemorySegment)}, of a folder. */
  static Optional<String> error(Path folder) {
    return Files.exists(folder.resolve(SAVED_MODEL)) ? Optional.of(savedModel()) : Optional.empty();
  }

  private static String savedModel() {
    return "this is a SavedModel of TensorFlow, which is not read; save the Keras model with "
        + "model.save(\"name.keras\"), or export the SavedModel to ONNX";
  }

  private static boolean at(MemorySegment file, long offset, byte[] expected) {
    return offset >= 0 && offset < file.byteSize() && FileBytes.beginWith(file.asSlice(offset), expected);
  }
}
