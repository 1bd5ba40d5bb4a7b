package dev.lentil.weights;

import dev.lentil.io.WrongDownload;
import dev.lentil.json.Json;
import dev.lentil.json.JsonException;
import dev.lentil.tensor.Tensor;
import dev.lentil.weights.keras.KerasArchive;
import dev.lentil.weights.keras.KerasConfig;
import dev.lentil.weights.keras.KerasH5;
import dev.lentil.weights.numpy.NumpyFiles;
import dev.lentil.weights.onnx.OnnxReader;
import dev.lentil.weights.pytorch.PyTorchLegacy;
import dev.lentil.weights.pytorch.PyTorchZip;
import dev.lentil.weights.safetensors.SafetensorsReader;
import dev.lentil.weights.store.FileBytes;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.GraphNode;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.TensorTable;
import dev.lentil.weights.store.WeightFileException;
import dev.lentil.weights.tensorflowjs.LayersModel;
import dev.lentil.weights.zip.ZipArchive;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A weight file of any format that is read, told apart by its first bytes, not by its name:
 *
 * {@snippet :
 * try (var file = TensorFile.open(Path.of("checkpoint.pth.tar"))) {
 *   for (StoredTensor tensor : file.tensors().values()) {
 *     System.out.println(tensor.name() + " " + tensor.type() + tensor.shape());
 *   }
 *   Tensor stem = file.read("state_dict.module.features.0.0.weight");
 * }
 * }
 *
 * The file is mapped into memory; opening it reads names and shapes, and a tensor's values are copied out when asked
 * for. Names are the file's own. Nothing in a file is ever run. Every error is a {@link WeightFileException}, except
 * that reading from a file after {@link #close} is an {@link IllegalStateException}. Several threads may read at once.
 */
public final class TensorFile implements AutoCloseable {
  private static final byte[] ZIP = {'P', 'K'};
  private static final byte[] BRACE = {'{'};
  /** What a folder is read by, the first of these that is in it; programs that write such folders give it this name. */
  private static final List<String> IN_FOLDER =
      List.of("model.json", "model.safetensors.index.json", "model.safetensors");
  private static final long LONGEST_DOCUMENT = 50_000_000;

  private final Path path;
  private final FileBytes bytes;
  private final TensorTable table;

  private TensorFile(Path path, FileBytes bytes, TensorTable table) {
    this.path = path;
    this.bytes = bytes;
    this.table = table;
  }

  /**
   * Opens a file, or a folder that holds {@code .npy} files, a {@code model.json} of TensorFlow.js, or a {@code
   * model.safetensors} or an index of such.
   *
   * @throws WeightFileException if it is absent, of an unknown format, or damaged
   */
  public static TensorFile open(Path path) {
    var bytes = new FileBytes();
    try {
      TensorTable table = Files.isDirectory(path) ? readFolder(path, bytes) : read(path, bytes.map(path), bytes);
      return new TensorFile(path, bytes, table);
    } catch (RuntimeException | Error e) {
      bytes.close();
      throw e;
    }
  }

  /** As {@link #open}, of a file whose bytes are in memory already; the caller keeps them valid. */
  static TensorFile in(Path path, MemorySegment file) {
    var bytes = new FileBytes();
    try {
      return new TensorFile(path, bytes, read(path, file, bytes));
    } catch (RuntimeException | Error e) {
      bytes.close();
      throw e;
    }
  }

  private static TensorTable readFolder(Path folder, FileBytes bytes) {
    for (String name : IN_FOLDER) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        return read(file, bytes.map(file), bytes);
      }
    }
    List<Path> arrays = NumpyFiles.in(folder);
    if (arrays.isEmpty()) {
      TensorFlowFiles.error(folder).ifPresent(what -> {
        throw new WeightFileException(folder, what);
      });
      throw new WeightFileException(folder, "this folder holds no weights: neither .npy files nor "
          + String.join(" nor ", IN_FOLDER) + holds(folder));
    }
    return NumpyFiles.folder(folder, arrays, bytes);
  }

  private static String holds(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().findFirst()
          .map(name -> "; it begins with '" + name + "'").orElse("; it is empty");
    } catch (IOException e) {
      throw WeightFileException.unreadable(folder, "the folder", e);
    }
  }

  private static TensorTable read(Path path, MemorySegment file, FileBytes bytes) {
    WrongDownload.of(file).or(() -> TensorFlowFiles.error(path, file)).ifPresent(what -> {
      throw new WeightFileException(path, what);
    });
    if (KerasH5.matches(file)) {
      return KerasH5.read(path, file);
    }
    if (FileBytes.beginWith(file, ZIP)) {
      return readArchive(path, ZipArchive.of(path, file));
    }
    if (PyTorchLegacy.matches(file)) {
      return PyTorchLegacy.read(path, file);
    }
    Optional<Map<?, ?>> document = document(path, file);
    if (document.isPresent()) {
      return readDocument(path, document.get(), bytes);
    }
    boolean safetensors = SafetensorsReader.matches(file);
    if (!safetensors && (OnnxReader.matches(file) || path.toString().endsWith(".onnx"))) {
      return OnnxReader.read(path, file, bytes);
    }
    try {
      return SafetensorsReader.read(path, file);
    } catch (WeightFileException e) {
      if (safetensors || path.toString().endsWith(".safetensors")) {
        throw e;
      }
      throw new WeightFileException(path, "not a weight file that is read; give safetensors, Keras's .h5 or .keras, "
          + "PyTorch's .pth, ONNX, TensorFlow.js's model.json or NumPy's .npz", e);
    }
  }

  private static TensorTable readArchive(Path path, ZipArchive archive) {
    Optional<String> pickle = PyTorchZip.folder(archive);
    if (pickle.isPresent()) {
      return PyTorchZip.read(path, archive, pickle.get());
    }
    if (KerasArchive.matches(archive)) {
      return KerasArchive.read(path, archive);
    }
    if (NumpyFiles.matches(archive)) {
      return NumpyFiles.archive(path, archive);
    }
    if (PyTorchZip.isExportedProgram(archive)) {
      throw new WeightFileException(path, "this is a program of torch.export, which is not read; save its weights with "
          + "torch.save(torch.export.load(\"name.pt2\").state_dict, \"name.pth\")");
    }
    throw new WeightFileException(path, "this zip archive is none of Keras (config.json), PyTorch (data.pkl) or NumPy "
        + "(.npy); if weights are packed in it, unpack them first");
  }

  private static TensorTable readDocument(Path path, Map<?, ?> document, FileBytes bytes) {
    if (SafetensorsReader.isIndex(document)) {
      return SafetensorsReader.readShards(path, document, bytes);
    }
    if (LayersModel.matches(document)) {
      Map<String, String> facts = KerasConfig.facts(LayersModel.topology(document));
      return LayersModel.read(path, document, facts, bytes);
    }
    throw new WeightFileException(path, "this JSON document is neither a model.json of TensorFlow.js nor an index of "
        + "safetensors; give the file that holds the weights");
  }

  /** The file as JSON if it begins with a brace; a safetensors file has its header's length there. */
  private static Optional<Map<?, ?>> document(Path path, MemorySegment file) {
    if (!FileBytes.beginWith(file, BRACE) || file.byteSize() > LONGEST_DOCUMENT) {
      return Optional.empty();
    }
    try {
      return Json.parse(file.toArray(ValueLayout.JAVA_BYTE)) instanceof Map<?, ?> map
          ? Optional.of(map)
          : Optional.empty();
    } catch (JsonException e) {
      if (path.toString().endsWith(".json")) {
        throw new WeightFileException(path, "the document is damaged: " + e.getMessage(), e);
      }
      return Optional.empty();
    }
  }

  public Path path() {
    return path;
  }

  public FileFormat format() {
    return table.format();
  }

  /** The tensors by their names in the file, in its order. */
  public Map<String, StoredTensor> tensors() {
    return table.tensors();
  }

  /** What else the file says, as text; for a model of Keras, what its configuration says of the network. */
  public Map<String, String> metadata() {
    return table.metadata();
  }

  /** The operations, in an order in which they can run; empty where the format stores weights alone. */
  public List<GraphNode> graph() {
    return table.graph();
  }

  /**
   * A tensor's values; see {@link StoredTensor#read}.
   *
   * @throws WeightFileException if there is no such tensor, or it cannot be read
   */
  public Tensor read(String name) {
    StoredTensor tensor = table.tensors().get(name);
    if (tensor == null) {
      throw new WeightFileException(path, "there is no tensor '" + name + "'");
    }
    return tensor.read();
  }

  /** Gives the file back; tensors that were read stay valid. */
  @Override
  public void close() {
    bytes.close();
  }
}
