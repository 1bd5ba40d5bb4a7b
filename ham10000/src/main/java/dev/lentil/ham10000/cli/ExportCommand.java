package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Runs;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.nn.Padding;
import dev.lentil.weights.WeightFile;
import dev.lentil.weights.WeightWriter;
import dev.lentil.weights.onnx.OnnxOptions;
import dev.lentil.weights.onnx.OnnxOptions.Normalization;
import dev.lentil.weights.onnx.OnnxWriter;
import dev.lentil.weights.scheme.NamingScheme;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lentil export}: a model under another program's names, or as an ONNX graph. */
@Command(
    name = "export",
    description = {"Write a run or a weight file as safetensors with another program's names, or as an ONNX model.",
        "It is an ONNX model if FILE ends in .onnx."},
    footer = {"", "Example:", "  ./lentil export runs/a --to model.safetensors --names torchvision",
        "  ./lentil export runs/a --to model.onnx"})
final class ExportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN|WEIGHTS", description = "The folder of a run, or a weight file of any program.")
  private Path from;

  @Mixin
  private WrittenWeights written;

  @Option(names = "--names", paramLabel = "SCHEME", defaultValue = "keras",
      converter = ImportOverrides.SchemeConverter.class,
      description = "The program whose names are used: keras (Lentil's own), torchvision, timm, transformers or tf-slim (default: "
          + "${DEFAULT-VALUE}).")
  private NamingScheme scheme;

  @Option(names = "--keep-normalization",
      description = "ONNX: keep batch normalisations as separate operations and do not fold them into the convolutions.")
  private boolean keepNormalization;

  @Option(names = "--logits", description = "ONNX: leave out the sigmoid or softmax at the end.")
  private boolean logits;

  @Mixin
  private Output output;

  @Override
  public Integer call() {
    boolean onnx = written.named(".onnx");
    if (onnx) {
      output.refuse("is for safetensors: an ONNX model is run by its graph, not by its names; leave it out", "--names");
    } else {
      output.refuse("is for ONNX: give --to a name that ends in .onnx", "--logits", "--keep-normalization");
      written.requireSafetensors(output);
    }
    if (scheme == NamingScheme.ONNX_GRAPH || scheme == NamingScheme.KERAS_NUMBERED) {
      throw output.badUsage("--names is " + ImportOverrides.SchemeConverter.name(scheme)
          + ", but must be keras, torchvision, timm, transformers or tf-slim");
    }
    written.requireFree();
    Path weights = Runs.isRun(from) ? Runs.weights(from) : from;
    Model model = WeightFile.open(weights).model();
    if (onnx) {
      return writeOnnx(weights, model);
    }
    Path to = written.file();
    WeightWriter.write(to, model, scheme);
    String caution = caution(model);
    var document = new LinkedHashMap<String, Object>();
    document.put("weights", weights);
    document.put("names", ImportOverrides.SchemeConverter.name(scheme));
    document.put("written", to);
    document.put("caution", caution);
    output.show(document, () -> "Wrote " + to + " from " + weights + ", named as by " + scheme.title()
        + (caution.isEmpty() ? "" : "\n\n" + caution));
    return ExitCode.OK;
  }

  private int writeOnnx(Path weights, Model model) {
    boolean features = model.architecture().head().classes() == 0;
    if (features) {
      output.refuse("is for a network with classes, and " + weights + " has none, only features; leave it out",
          "--logits");
    }
    var options = new OnnxOptions(keepNormalization ? Normalization.KEPT : Normalization.FOLDED,
        logits ? OnnxOptions.Output.LOGITS : OnnxOptions.Output.PROBABILITIES);
    Path to = written.file();
    OnnxWriter.write(to, model, options);
    var document = new LinkedHashMap<String, Object>();
    document.put("weights", weights);
    document.put("written", to);
    document.put("normalization", keepNormalization ? "kept" : "folded");
    document.put("output", features ? "features" : logits ? "logits" : "probabilities");
    output.show(document, () -> "Wrote " + to + " from " + weights + ": ONNX, batch normalisation "
        + document.get("normalization") + ", input [N,3," + model.architecture().height() + ","
        + model.architecture().width() + "] scaled " + model.scaling().text() + ", output " + document.get("output"));
    return ExitCode.OK;
  }

  /** What the other program's network and its images must be to give the same outputs; empty if its own conventions fit. */
  private String caution(Model model) {
    Map<String, String> usual = scheme.conventions();
    String padding = usual.get(ModelMetadata.PADDING);
    double epsilon = Double.parseDouble(usual.get(ModelMetadata.BN_EPSILON));
    String scaling = usual.get(ModelMetadata.INPUT_SCALING);
    boolean keras = model.architecture().padding() == Padding.KERAS;
    boolean fits = padding.equals(keras ? "keras" : "symmetric") && epsilon == model.architecture().bnEpsilon()
        && scaling.equals(model.scaling().text());
    return fits
        ? ""
        : "These weights need " + (keras
            ? "Keras's padding (0 above and left, 1 below and right, before "
                + "each convolution of stride 2 on an even extent)"
            : "a padding of 1 on all sides") + ", the epsilon "
            + model.architecture().bnEpsilon() + " of batch normalisation and images scaled " + model.scaling().text()
            + "; " + scheme.title() + "'s own network has " + padding + " padding, " + epsilon + " and " + scaling
            + ".";
  }
}
