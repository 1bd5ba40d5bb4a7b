package dev.lentil.bench.compare;

import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.weights.onnx.OnnxOptions;
import dev.lentil.weights.onnx.OnnxWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A model in files for other programs and processes, in a folder that goes when this is closed. */
public final class ModelFolder implements AutoCloseable {
  private final Model model;
  private final Path folder = temporary();

  public ModelFolder(Model model) {
    this.model = model;
  }

  /** A new folder for temporary files. */
  static Path temporary() {
    try {
      return Files.createTempDirectory("lentil-bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The model as Lentil's own file. */
  public Path weights() {
    Path file = file("model.safetensors");
    if (!Files.exists(file)) {
      ModelFile.write(file, model);
    }
    return file;
  }

  /** The model as ONNX, batch normalisation folded in. */
  public Path onnx() {
    Path file = file("model.onnx");
    if (!Files.exists(file)) {
      OnnxWriter.write(file, model, OnnxOptions.defaults());
    }
    return file;
  }

  /** A place for another file beside it. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() {
    delete(folder);
  }
}
