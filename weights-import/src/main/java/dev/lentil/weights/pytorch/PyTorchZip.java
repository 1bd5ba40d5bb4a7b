package dev.lentil.weights.pytorch;

import dev.lentil.weights.store.ByteCursor;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.TensorTable;
import dev.lentil.weights.store.WeightFileException;
import dev.lentil.weights.zip.ZipArchive;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * {@code torch.save} since PyTorch 1.6: a zip archive with the pickle {@code data.pkl} and each storage as {@code
 * data/KEY}, all in one folder of any name. Source: PyTorch's torch/serialization.py and caffe2/serialize/inline_container.h.
 */
public final class PyTorchZip {
  private static final String PICKLE = "data.pkl";

  private PyTorchZip() {}

  /** The folder that holds the pickle, with its slash; empty if the archive is of another kind. */
  public static Optional<String> folder(ZipArchive archive) {
    return StreamSupport.stream(archive.names().spliterator(), false)
        .filter(
            name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
        .map(name -> name.substring(0, name.length() - PICKLE.length())).findFirst();
  }

  /** Whether the archive is what {@code torch.export.save} writes. Source: PyTorch's torch/export/pt2_archive/constants.py. */
  public static boolean isExportedProgram(ZipArchive archive) {
    return StreamSupport.stream(archive.names().spliterator(), false)
        .anyMatch(name -> name.endsWith("/archive_format"));
  }

  /**
   * @throws WeightFileException if the file is damaged, or its pickle uses names that are not those of a state dict
   */
  public static TensorTable read(Path file, ZipArchive archive, String folder) {
    if (archive.contains(folder + "constants.pkl")) {
      throw new WeightFileException(file, "this is a TorchScript program, which would have to be run to be read; save "
          + "its weights with torch.save(model.state_dict(), \"name.pth\")");
    }
    var pickle = new ByteCursor(file, "the pickle " + PICKLE, archive.get(folder + PICKLE));
    StateDict found = StateDict.of(Unpickler.read(file, pickle));
    ByteOrder order = order(file, archive, folder);
    var storages = new HashMap<String, MemorySegment>();
    var tensors = new ArrayList<StoredTensor>();
    for (var entry : found.tensors()) {
      Python.TensorView view = entry.getValue();
      MemorySegment storage =
          storages.computeIfAbsent(view.storage().key(), key -> archive.get(folder + "data/" + key));
      tensors.add(view.stored(file, entry.getKey(), storage, order));
    }
    return TensorTable.of(file, FileFormat.PYTORCH, tensors, found.facts());
  }

  private static ByteOrder order(Path file, ZipArchive archive, String folder) {
    String name = archive.find(folder + "byteorder")
        .map(bytes -> new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII)).orElse("little");
    return switch (name) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw new WeightFileException(file, "its byteorder is '" + name + "', but must be little or big");
    };
  }
}
