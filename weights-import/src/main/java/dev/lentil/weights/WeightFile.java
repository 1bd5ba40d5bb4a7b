package dev.lentil.weights;

import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.mobilenetv2.ModelFileException;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.weights.keras.KerasConfig;
import dev.lentil.weights.scheme.GraphRecogniser;
import dev.lentil.weights.scheme.NameRecogniser;
import dev.lentil.weights.scheme.NamingScheme;
import dev.lentil.weights.scheme.Recognised;
import dev.lentil.weights.scheme.SourceTensor;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.WeightFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A MobileNetV2 out of a weight file of any format and naming scheme.
 *
 * @param scheme how the file names its weights
 * @param assumed what neither the file nor the caller said of the network, but the scheme's programs usually have: some
 *     of {@code padding}, {@code bn_epsilon}, {@code input_scaling}
 * @param sources every tensor of the file, and what became of it
 */
public record WeightFile(Path path, FileFormat format, NamingScheme scheme, Model model, Set<String> assumed,
    List<SourceTensor> sources) {
  private static final String CLASSES = "classes";
  private static final Set<FileFormat> KERAS = Set.of(FileFormat.KERAS_LEGACY_H5, FileFormat.KERAS_WEIGHTS_H5,
      FileFormat.KERAS_ARCHIVE, FileFormat.TENSORFLOW_JS);

  public WeightFile {
    assumed = Collections.unmodifiableSet(new TreeSet<>(assumed));
    sources = List.copyOf(sources);
  }

  /**
   * Reads a file; what is in it is recognised.
   *
   * @throws WeightFileException if it is no weight file, is damaged, or does not hold a MobileNetV2
   */
  public static WeightFile open(Path path) {
    return open(path, ImportOptions.recognised());
  }

  /**
   * As {@link #open(Path)}, but for what the caller knows.
   */
  public static WeightFile open(Path path, ImportOptions options) {
    try (var file = TensorFile.open(path)) {
      return of(file, options);
    }
  }

  /** The network in a file that is open. */
  public static WeightFile of(TensorFile file, ImportOptions options) {
    Path path = file.path();
    Map<String, String> said = trusted(file);
    requireKnownScaling(path, said.remove(KerasConfig.OTHER_INPUT_SCALING), options);
    Optional<String> otherHead = Optional.ofNullable(said.remove(KerasConfig.OTHER_HEAD));
    boolean byGraph = options.scheme().map(scheme -> scheme == NamingScheme.ONNX_GRAPH).orElse(!file.graph().isEmpty());
    Recognised found = byGraph
        ? GraphRecogniser.recognise(path, file.tensors(), file.graph(), file.metadata())
        : NameRecogniser.recognise(path, file.tensors(), options.scheme(), otherHead);
    var metadata = new LinkedHashMap<>(found.conventions());
    metadata.putAll(said);
    // What a graph shows is so, whatever stands beside it.
    metadata.putAll(found.facts());
    if (metadata.containsKey("batch_normalization") && options.metadata().containsKey(ModelMetadata.BN_EPSILON)) {
      throw new WeightFileException(path, "bn_epsilon cannot be chosen: batch normalisation is folded into the "
          + "convolutions of this file");
    }
    metadata.putAll(options.metadata());
    var assumed = new TreeSet<>(found.conventions().keySet());
    for (Map<String, String> known : List.of(said, found.facts(), options.metadata())) {
      assumed.removeAll(known.keySet());
    }
    Weights weights = withClasses(path, found.weights(), options.metadata());
    try {
      return new WeightFile(path, file.format(), found.scheme(),
          ModelFile.recognise(path.toString(), weights, metadata), assumed, found.sources());
    } catch (ModelFileException e) {
      throw new WeightFileException(e);
    }
  }

  /**
   * What a file says of its network, where it can be believed: in Keras's files, and where Lentil wrote it. Elsewhere a
   * checkpoint may have anything under the same words.
   */
  private static Map<String, String> trusted(TensorFile file) {
    Map<String, String> said = new LinkedHashMap<>(file.metadata());
    if (file.format() == FileFormat.ONNX && !said.containsKey("architecture")) {
      said.keySet().retainAll(Set.of(ModelMetadata.RESOLUTION));
      return said;
    }
    boolean own = said.containsKey("architecture") || "keras".equals(said.get("format"))
        || "lentil".equals(said.get("format"));
    if (!own && !KERAS.contains(file.format())) {
      said.clear();
    }
    return said;
  }

  private static void requireKnownScaling(Path path, String other, ImportOptions options) {
    if (other != null && !options.metadata().containsKey(ModelMetadata.INPUT_SCALING)) {
      throw new WeightFileException(path, "the model scales its input by " + other + ", which is none of "
          + Arrays.stream(InputScaling.values()).map(InputScaling::text).collect(Collectors.joining(", "))
          + "; save it without that layer, or give the scaling that comes nearest (--input-scaling)");
    }
  }

  /** The weights with as many classes as the caller wants: without a head, or without the background class. */
  private static Weights withClasses(Path path, Weights weights, Map<String, String> wanted) {
    if (!wanted.containsKey(CLASSES) || !weights.contains(Head.KERNEL)) {
      return weights;
    }
    int has = weights.get(Head.KERNEL).shape().extent(-1);
    var changed = new LinkedHashMap<>(weights.tensors());
    switch (wanted.get(CLASSES)) {
      case "0" -> {
        changed.remove(Head.KERNEL);
        changed.remove(Head.BIAS);
      }
      case String text when text.equals(String.valueOf(has - 1)) && has > 2 -> {
        changed.put(Head.KERNEL, withoutFirst(weights.get(Head.KERNEL)));
        changed.put(Head.BIAS, withoutFirst(weights.get(Head.BIAS)));
      }
      case String text when !text.equals(String.valueOf(has)) -> throw new WeightFileException(path, "it has " + has
          + " classes; they can be kept"
          + (has > 2
              ? ", left out (0), or be " + (has - 1) + " without the first, background, one"
              : " or left out (0)")
          + ", but " + text + " were asked for");
      default -> {}
    }
    return new Weights(changed);
  }

  /** {@code [in,n]} or {@code [n]} without the first column. */
  private static Tensor withoutFirst(Tensor tensor) {
    int columns = tensor.shape().extent(-1);
    int rows = tensor.shape().size() / columns;
    float[] values = tensor.floats();
    var kept = new float[rows * (columns - 1)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(values, row * columns + 1, kept, row * (columns - 1), columns - 1);
    }
    int[] extents = tensor.shape().toArray();
    extents[extents.length - 1]--;
    return Tensor.of(Shape.of(extents), kept);
  }
}
