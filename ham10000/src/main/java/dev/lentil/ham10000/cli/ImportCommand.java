package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Runs;
import dev.lentil.weights.WeightFile;
import dev.lentil.weights.WeightWriter;
import dev.lentil.weights.scheme.NamingScheme;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lentil import}: any program's MobileNetV2 as Lentil's own file. */
@Command(
    name = "import",
    description = "Convert a MobileNetV2 of another program to a Lentil weight file. Reads safetensors, Keras (h5 or keras), "
        + "PyTorch (pth or pt), ONNX, TensorFlow.js (json) and NumPy (npz, or a folder of npy files).",
    footer = {"", "Example:", "  ./lentil import checkpoint.pth.tar --to out.safetensors --padding symmetric"})
final class ImportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The weight file, or a folder of them.")
  private Path file;

  @Mixin
  private WrittenWeights written;

  @Mixin
  private ImportOverrides overrides;

  @Mixin
  private Output output;

  @Override
  public Integer call() {
    written.requireSafetensors(output);
    written.requireFree();
    Path to = written.file();
    Runs.refuseAsWeights(file);
    WeightFile read = WeightFile.open(file, overrides.options(output));
    WeightWriter.write(to, read.model(), NamingScheme.KERAS);
    var document = new LinkedHashMap<String, Object>();
    document.put("file", file);
    document.put("format", read.format());
    document.putAll(ModelDescription.document(read));
    document.put("written", to);
    output.show(document, () -> ModelDescription.text(read) + "\nWrote " + to);
    return ExitCode.OK;
  }
}
