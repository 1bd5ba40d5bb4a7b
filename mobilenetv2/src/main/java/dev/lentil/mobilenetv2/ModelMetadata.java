package dev.lentil.mobilenetv2;

import dev.lentil.mobilenetv2.image.Resize;
import dev.lentil.mobilenetv2.image.Views;
import dev.lentil.nn.Padding;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The metadata of a weight file, by key:
 *
 * <table>
 *   <caption>Keys</caption>
 *   <tr><td>{@code format}</td><td>{@code lentil} or {@code keras}: names and layouts are Keras's either way</td></tr>
 *   <tr><td>{@code architecture}</td><td>{@code mobilenet_v2}</td></tr>
 *   <tr><td>{@code alpha}</td><td>the width multiplier</td></tr>
 *   <tr><td>{@value #RESOLUTION}</td><td>{@code 224}, or {@code 150x200}, height before width</td></tr>
 *   <tr><td>{@value #PADDING}</td><td>{@code keras} or {@code symmetric} (also {@code torch})</td></tr>
 *   <tr><td>{@value #BN_EPSILON}, {@value #BN_MOMENTUM}</td><td>of batch normalisation, momentum in Keras's sense</td></tr>
 *   <tr><td>{@value #INPUT_SCALING}</td><td>{@link InputScaling#text()}</td></tr>
 *   <tr><td>{@code classes}</td><td>outputs of the head; 0 without a head</td></tr>
 *   <tr><td>{@code head}</td><td>{@code features}, {@code classifier} or {@code transfer}</td></tr>
 *   <tr><td>{@code dropout}</td><td>the rate of a transfer head</td></tr>
 *   <tr><td>{@value #RESIZE}</td><td>{@code bilinear} or {@code nearest}: how the whole of each image was squashed to the
 *   resolution in training; kept among the notes</td></tr>
 *   <tr><td>{@value #VIEWS}</td><td>{@code 1}, {@code flips} or {@code dihedral}: the views of an image whose mean probability
 *   is the result; kept among the notes</td></tr>
 *   <tr><td>{@value #LICENCE}, {@value #LICENCE_OF_BASE}</td><td>the terms of the weights, and of those that training began with;
 *   kept among the notes</td></tr>
 * </table>
 */
public final class ModelMetadata {
  /** The note that {@link Model#resize} reads. */
  public static final String RESIZE = "resize";
  /** The note that {@link Model#views} reads. */
  public static final String VIEWS = "views";
  /** The note under which terms the weights may be used. */
  public static final String LICENCE = "licence";
  /** The same of the weights that a training began with; see {@link Model#withHead}. */
  public static final String LICENCE_OF_BASE = "licence_of_base";
  public static final String RESOLUTION = "resolution";
  public static final String PADDING = "padding";
  public static final String BN_EPSILON = "bn_epsilon";
  public static final String BN_MOMENTUM = "bn_momentum";
  public static final String INPUT_SCALING = "input_scaling";

  static final String ARCHITECTURE = "mobilenet_v2";

  private static final Set<String> KEYS =
      Set.of("format", "architecture", "alpha", RESOLUTION, PADDING, BN_EPSILON,
          BN_MOMENTUM, INPUT_SCALING, "classes", "head", "dropout");
  private static final int KERAS_RESOLUTION = 224;

  private final String file;
  private final Map<String, String> values;

  /**
   * @param file for messages
   */
  ModelMetadata(String file, Map<String, String> values) {
    this.file = file;
    this.values = values;
    get("architecture").filter(name -> !name.equals(ARCHITECTURE)).ifPresent(name -> {
      throw bad("architecture", name, "only " + ARCHITECTURE + " is known");
    });
    get(RESIZE).filter(name -> Resize.named(name).isEmpty()).ifPresent(name -> {
      throw bad(RESIZE, name, "it must be bilinear or nearest");
    });
    get(VIEWS).ifPresent(this::requireViews);
  }

  private void requireViews(String name) {
    Views views = Views.named(name).orElseThrow(() -> bad(VIEWS, name, "it must be 1, flips or dihedral"));
    int[] resolution = resolution();
    if (views.needsSquare() && resolution[0] != resolution[1]) {
      throw bad(VIEWS, name, "but images of " + resolution[0] + "x" + resolution[1]
          + " cannot be turned; it must be 1 or flips");
    }
  }

  /** What a file of this model says. */
  public static Map<String, String> of(Model model) {
    MobileNetV2 architecture = model.architecture();
    var values = new TreeMap<>(model.notes());
    values.put("format", "lentil");
    values.put("architecture", ARCHITECTURE);
    values.put("alpha", Double.toString(architecture.alpha()));
    values.put(RESOLUTION, resolutionText(architecture.height(), architecture.width()));
    values.put(PADDING, architecture.padding() == Padding.KERAS ? "keras" : "symmetric");
    values.put(BN_EPSILON, Double.toString(architecture.bnEpsilon()));
    values.put(BN_MOMENTUM, Double.toString(architecture.bnMomentum()));
    values.put(INPUT_SCALING, model.scaling().text());
    switch (architecture.head()) {
      case Head.Features _ -> {
        values.put("head", "features");
        values.put("classes", "0");
      }
      case Head.Classifier(int classes) -> {
        values.put("head", "classifier");
        values.put("classes", Integer.toString(classes));
      }
      case Head.Transfer(int outputs, double dropout) -> {
        values.put("head", "transfer");
        values.put("classes", Integer.toString(outputs));
        values.put("dropout", Double.toString(dropout));
      }
    }
    return values;
  }

  /** A resolution as it stands under {@link #RESOLUTION}. */
  public static String resolutionText(long height, long width) {
    return height == width ? Long.toString(height) : height + "x" + width;
  }

  /** The entries that are no keys of this table. */
  Map<String, String> notes() {
    var notes = new TreeMap<>(values);
    notes.keySet().removeAll(KEYS);
    return notes;
  }

  Optional<Double> alpha() {
    return get("alpha").map(text -> number("alpha", text));
  }

  double bnEpsilon() {
    return get(BN_EPSILON).map(text -> number(BN_EPSILON, text)).orElse(MobileNetV2.KERAS_BN_EPSILON);
  }

  double bnMomentum() {
    return get(BN_MOMENTUM).map(text -> number(BN_MOMENTUM, text)).orElse(MobileNetV2.KERAS_BN_MOMENTUM);
  }

  InputScaling scaling() {
    return get(INPUT_SCALING).map(text -> {
      try {
        return InputScaling.parse(text);
      } catch (IllegalArgumentException e) {
        throw new ModelFileException(file + ": " + e.getMessage(), e);
      }
    }).orElse(InputScaling.MINUS_ONE_TO_ONE);
  }

  Padding padding() {
    return get(PADDING).map(text -> switch (text) {
      case "keras" -> Padding.KERAS;
      case "symmetric", "torch" -> Padding.SYMMETRIC;
      default -> throw bad(PADDING, text, "it must be keras or symmetric");
    }).orElse(Padding.KERAS);
  }

  /** Height and width. */
  int[] resolution() {
    return get(RESOLUTION).map(text -> {
      String[] parts = text.split("x", -1);
      try {
        int height = Integer.parseInt(parts[0]);
        int width = parts.length == 1 ? height : Integer.parseInt(parts[1]);
        if (parts.length <= 2 && height >= 1 && width >= 1) {
          return new int[] {height, width};
        }
      } catch (NumberFormatException e) {
        throw new ModelFileException(bad(RESOLUTION, text, "it must be like 224 or 150x200").getMessage(), e);
      }
      throw bad(RESOLUTION, text, "it must be like 224 or 150x200");
    }).orElse(new int[] {KERAS_RESOLUTION, KERAS_RESOLUTION});
  }

  /**
   * The head.
   *
   * @param outputs of the dense layer that the file has; 0 without one
   */
  Head head(int outputs) {
    get("classes").filter(text -> number("classes", text) != outputs).ifPresent(text -> {
      throw bad("classes", text, "but the weights have " + outputs
          + (outputs == 0 ? " (no " + Head.KERNEL + ")" : "") + "; the file is incomplete or its metadata are wrong");
    });
    if (outputs == 0) {
      return new Head.Features();
    }
    boolean transfer = get("head").map(text -> switch (text) {
      case "transfer" -> true;
      case "classifier" -> false;
      case "features" -> throw bad("head", text, "but the weights have " + Head.KERNEL + " with " + outputs
          + (outputs == 1 ? " output" : " outputs") + "; the metadata are wrong");
      default -> throw bad("head", text, "it must be features, classifier or transfer");
    }).orElse(outputs == 1);
    double dropout = get("dropout").map(text -> number("dropout", text)).orElse(Head.Transfer.PAPER_DROPOUT);
    return transfer || outputs == 1 ? new Head.Transfer(outputs, dropout) : new Head.Classifier(outputs);
  }

  private Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  private double number(String key, String text) {
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new ModelFileException(bad(key, text, "which is not a number").getMessage(), e);
    }
    throw bad(key, text, "which is not a number");
  }

  private ModelFileException bad(String key, String value, String problem) {
    return new ModelFileException(file + ": the metadata entry " + key + " is '" + value + "', " + problem);
  }
}
