package dev.lentil.mobilenetv2;

import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.safetensors.SafetensorsWriter;
import dev.lentil.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lentil's own weight files: safetensors with Keras's names and layouts, and the metadata of {@link ModelMetadata}. */
public final class ModelFile {
  private static final String STEM = "Conv1/kernel";
  private static final String LAST = "Conv_1/kernel";
  private static final String VARIANCE = "/moving_variance";
  private static final String IMPORT =
      "weights of Keras, PyTorch, ONNX and others are turned into such a file by './lentil import "
          + "FILE --to OUT.safetensors', or read by WeightFile of lentil-weights-import";

  private ModelFile() {}

  /**
   * Reads a model.
   *
   * @throws ModelFileException if the file does not hold a MobileNetV2
   * @throws dev.lentil.safetensors.SafetensorsException if it is not a sound safetensors file
   */
  public static Model read(Path path) {
    ForeignFormat.of(path).ifPresent(format -> {
      throw new ModelFileException(path + ": this is " + format + ", not a safetensors file; " + IMPORT);
    });
    try (var file = SafetensorsFile.open(path)) {
      requireFractions(file);
      return recognise(path.toString(), new Weights(file.tensors("")), file.metadata(), "; " + IMPORT);
    }
  }

  /** Numbers of another type are not among the weights that are read, and would seem to be absent: a head without a word. */
  private static void requireFractions(SafetensorsFile file) {
    // the names are the same at every width
    for (ParameterSpec spec : MobileNetV2.keras(1, 1, 1, Head.binary()).network().parameters()) {
      if (file.contains(spec.name()) && !file.entry(spec.name()).dtype().isFloat()) {
        throw new ModelFileException(file.path() + ": " + spec.name() + " is " + file.entry(spec.name()).dtype()
            + ", not floating-point numbers; give the file as it was before its weights were turned into whole numbers");
      }
    }
  }

  /** Writes a model; the file appears when it is complete. */
  public static void write(Path path, Model model) {
    SafetensorsWriter.write(path, model.weights().tensors(), ModelMetadata.of(model));
  }

  /**
   * Makes a model of weights with Keras's names. What the metadata leave open is taken from names and shapes (alpha,
   * the number of classes) or is Keras's default.
   *
   * @param file for messages
   * @param metadata any of the keys of {@link ModelMetadata}
   * @throws ModelFileException if the weights are not those of a MobileNetV2, or hold what is not a number
   */
  public static Model recognise(String file, Weights weights, Map<String, String> metadata) {
    return recognise(file, weights, metadata,
        "; give a file made by Lentil, or by Keras from keras.applications.MobileNetV2");
  }

  private static Model recognise(String file, Weights weights, Map<String, String> metadata, String remedy) {
    for (String name : List.of(STEM, LAST)) {
      if (!weights.contains(name)) {
        throw new ModelFileException(
            file + ": there is no " + name + ", so these are not a MobileNetV2's weights under Keras's "
                + "names" + sample(weights) + remedy);
      }
    }
    var facts = new ModelMetadata(file, metadata);
    double alpha = facts.alpha().or(() -> alpha(weights)).orElseThrow(() -> new ModelFileException(file
        + ": the widths of the layers fit no alpha; these are not a MobileNetV2's weights"));
    int outputs = outputs(file, weights);
    int[] resolution = facts.resolution();
    try {
      var architecture = new MobileNetV2(alpha, resolution[0], resolution[1], facts.padding(), facts.bnEpsilon(),
          facts.bnMomentum(), facts.head(outputs));
      var model = new Model(architecture, facts.scaling(), weights, facts.notes());
      requireNumbers(file, model.weights());
      return model;
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file + ": " + e.getMessage() + " (alpha " + alpha + ", " + outputs
          + " classes); the file is incomplete, or not of this architecture", e);
    }
  }

  /** Of the dense layer; 0 without one. */
  private static int outputs(String file, Weights weights) {
    if (!weights.contains(Head.KERNEL)) {
      return 0;
    }
    Shape shape = weights.get(Head.KERNEL).shape();
    if (shape.rank() != 2) {
      throw new ModelFileException(file + ": " + Head.KERNEL + " is " + shape
          + ", but a dense layer's kernel has 2 extents, features and classes; the file is not of this architecture");
    }
    return shape.extent(1);
  }

  /** One value that is no number makes every answer one, and a network that answers so has no use. */
  private static void requireNumbers(String file, Weights weights) {
    weights.tensors().forEach((name, tensor) -> {
      boolean variance = name.endsWith(VARIANCE);
      float[] values = tensor.floats();
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i]) || variance && values[i] < 0) {
          throw new ModelFileException(file + ": element " + i + " of " + name + " is " + values[i] + ", where "
              + (variance ? "a number of at least 0" : "a number")
              + " is needed; the file is damaged, or its training diverged: get it again, or an earlier state");
        }
      }
    });
  }

  private static String sample(Weights weights) {
    return weights.tensors().keySet().stream().findFirst().map(name -> " (they begin with '" + name + "')").orElse("");
  }

  /**
   * The alpha at which most of the weights have the shapes that the network needs; so a single wrong weight is reported as such
   * later. Several alphas have the same widths: common ones come first, then the rounder. Empty if even at the best alpha fewer
   * than half of them fit.
   */
  private static Optional<Double> alpha(Weights weights) {
    Stream<Double> common = Stream.of(1.0, 0.35, 0.5, 0.75, 1.3, 1.4);
    Stream<Double> others = IntStream.of(25, 10, 5, 1)
        .flatMap(step -> IntStream.iterate(step, hundredths -> hundredths <= 400, hundredths -> hundredths + step))
        .mapToObj(hundredths -> hundredths / 100.0);
    double best = 0;
    double bestShare = 0;
    for (double alpha : Stream.concat(common, others).distinct().toList()) {
      double share = fittingShare(weights, alpha);
      if (share > bestShare) {
        best = alpha;
        bestShare = share;
      }
      if (share == 1) {
        break;
      }
    }
    return bestShare < 0.5 ? Optional.empty() : Optional.of(best);
  }

  private static double fittingShare(Weights weights, double alpha) {
    List<ParameterSpec> known = MobileNetV2.keras(alpha, 1, 1, new Head.Features()).network().parameters().stream()
        .filter(spec -> weights.contains(spec.name())).toList();
    return known.stream().filter(spec -> weights.get(spec.name()).shape().equals(spec.shape())).count()
        / (double) known.size();
  }
}
