package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where {@code import} and {@code export} write to. */
final class WrittenWeights {
  /** Other programs, and Lentil, would take safetensors of such a name for something else. */
  private static final List<String> OTHER_FORMATS =
      List.of(".onnx", ".h5", ".hdf5", ".keras", ".pth", ".pt", ".tar", ".ckpt", ".bin", ".pkl", ".npz", ".npy",
          ".json", ".zip");

  @Option(names = "--to", paramLabel = "FILE", required = true, description = "The file to write.")
  private Path file;

  @Option(names = "--overwrite", description = "Replace FILE if it exists.")
  private boolean overwrite;

  Path file() {
    return file;
  }

  boolean named(String extension) {
    return file.getFileName() != null && file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(extension);
  }

  /** @throws ParameterException if the name is one of another format */
  void requireSafetensors(Output output) {
    OTHER_FORMATS.stream().filter(this::named).findFirst().ifPresent(extension -> {
      throw output.badUsage("--to is " + file + ", but safetensors are written, not " + extension
          + "; give a name that ends in .safetensors" + (extension.equals(".onnx") ? ", or use export for ONNX" : ""));
    });
  }

  void requireFree() {
    if (Files.exists(file) && !overwrite) {
      throw new UserError(file + " exists; give another name to --to, or --overwrite");
    }
  }
}
