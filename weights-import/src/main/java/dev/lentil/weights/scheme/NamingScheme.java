package dev.lentil.weights.scheme;

import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.ModelMetadata;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How a family of programs names a MobileNetV2's weights, and what its networks have in common that no weight tells:
 * the padding, batch normalisation's epsilon, and the scaling of the input.
 */
public enum NamingScheme {
  /** Keras and Lentil: {@code Conv1/kernel}. Source: Keras mobilenet_v2.py. */
  KERAS("Keras", Family.KERAS) {
    @Override
    String normalised(String name) {
      return KerasNames.normalised(name);
    }

    @Override
    Source source(ConvolutionUnit unit) {
      return new Source(unit.kernel(), unit.norm());
    }

    @Override
    Head head() {
      return new Head("predictions/kernel", "predictions/bias", Layout.SAME);
    }
  },

  /**
   * The file format of Keras 3 before it stored names: kind and number, {@code conv2d_7/kernel}. Source: Keras
   * saving_lib.py, {@code _save_container_state}.
   */
  KERAS_NUMBERED("Keras, by number", Family.KERAS) {
    @Override
    String normalised(String name) {
      return KerasNames.normalised(name);
    }

    @Override
    Source source(ConvolutionUnit unit) {
      List<ConvolutionUnit> all = ConvolutionUnit.all();
      long alike = all.subList(0, all.indexOf(unit)).stream().filter(u -> u.depthwise() == unit.depthwise()).count();
      String convolution = numbered(unit.depthwise() ? "depthwise_conv2d" : "conv2d", alike);
      return new Source(convolution + (unit.depthwise() ? "/depthwise_kernel" : "/kernel"),
          numbered("batch_normalization", all.indexOf(unit)));
    }

    @Override
    Head head() {
      return new Head("dense/kernel", "dense/bias", Layout.SAME);
    }

    private static String numbered(String kind, long number) {
      return number == 0 ? kind : kind + "_" + number;
    }
  },

  /** torchvision: {@code features.0.0.weight}. Source: torchvision mobilenetv2.py. */
  TORCHVISION("torchvision", Family.TORCH) {
    @Override
    Source source(ConvolutionUnit unit) {
      String block = "features." + (unit.block() + 1) + ".conv.";
      // The first block has no expansion, so its parts count from one less.
      int first = unit.block() == 0 ? 0 : 1;
      return switch (unit.part()) {
        case STEM -> new Source("features.0.0.weight", "features.0.1");
        case LAST -> new Source("features.18.0.weight", "features.18.1");
        case EXPAND -> new Source(block + "0.0.weight", block + "0.1");
        case DEPTHWISE -> new Source(block + first + ".0.weight", block + first + ".1");
        case PROJECT -> new Source(block + (first + 1) + ".weight", block + (first + 2));
      };
    }

    @Override
    Head head() {
      return new Head("classifier.1.weight", "classifier.1.bias", Layout.OUT_IN);
    }
  },

  /** timm: {@code conv_stem.weight}. Source: timm efficientnet.py and _efficientnet_blocks.py. */
  TIMM("timm", Family.TORCH) {
    @Override
    Source source(ConvolutionUnit unit) {
      int stage = 0;
      int index = unit.block();
      while (index >= BLOCKS[stage]) {
        index -= BLOCKS[stage++];
      }
      String block = "blocks." + stage + "." + index + ".";
      boolean first = unit.block() == 0;
      return switch (unit.part()) {
        case STEM -> new Source("conv_stem.weight", "bn1");
        case LAST -> new Source("conv_head.weight", "bn2");
        case EXPAND -> new Source(block + "conv_pw.weight", block + "bn1");
        case DEPTHWISE -> new Source(block + "conv_dw.weight", block + (first ? "bn1" : "bn2"));
        case PROJECT -> new Source(block + (first ? "conv_pw.weight" : "conv_pwl.weight"),
            block + (first ? "bn2" : "bn3"));
      };
    }

    @Override
    Head head() {
      return new Head("classifier.weight", "classifier.bias", Layout.OUT_IN);
    }
  },

  /**
   * Hugging Face transformers: {@code mobilenet_v2.conv_stem.first_conv.convolution.weight}; a model without a head
   * leaves the first part out. Source: transformers modeling_mobilenet_v2.py.
   */
  TRANSFORMERS("transformers", Family.TORCH) {
    @Override
    String normalised(String name) {
      return HEADLESS.matcher(name).find() ? "mobilenet_v2." + name : name;
    }

    @Override
    Source source(ConvolutionUnit unit) {
      String block = "mobilenet_v2." + (unit.block() == 0 ? "conv_stem." : "layer." + (unit.block() - 1) + ".");
      String name = switch (unit.part()) {
        case STEM -> "mobilenet_v2.conv_stem.first_conv";
        case LAST -> "mobilenet_v2.conv_1x1";
        case EXPAND -> block + "expand_1x1";
        case DEPTHWISE -> block + "conv_3x3";
        case PROJECT -> block + "reduce_1x1";
      };
      return new Source(name + ".convolution.weight", name + ".normalization");
    }

    @Override
    Head head() {
      return new Head("classifier.weight", "classifier.bias", Layout.OUT_IN);
    }

    @Override
    public Map<String, String> conventions() {
      // Google's own weights, converted.
      return KERAS.conventions();
    }
  },

  /** TensorFlow's slim: {@code MobilenetV2/Conv/weights}. Source: slim mobilenet.py and conv_blocks.py. */
  TF_SLIM("TF-slim", Family.SLIM) {
    @Override
    String normalised(String name) {
      return KerasNames.withoutDeviceIndex(name);
    }

    @Override
    Source source(ConvolutionUnit unit) {
      String block = "MobilenetV2/expanded_conv" + (unit.block() == 0 ? "" : "_" + unit.block()) + "/";
      String layer = switch (unit.part()) {
        case STEM -> "MobilenetV2/Conv";
        case LAST -> "MobilenetV2/Conv_1";
        case EXPAND -> block + "expand";
        case DEPTHWISE -> block + "depthwise";
        case PROJECT -> block + "project";
      };
      return new Source(layer + (unit.depthwise() ? "/depthwise_weights" : "/weights"), layer + "/BatchNorm");
    }

    @Override
    Head head() {
      return new Head("MobilenetV2/Logits/Conv2d_1c_1x1/weights", "MobilenetV2/Logits/Conv2d_1c_1x1/biases",
          Layout.ONE_BY_ONE);
    }
  },

  /** An ONNX graph, whose weights are known by their place in it and not by their names. */
  ONNX_GRAPH("ONNX graph", Family.TORCH) {
    @Override
    Source source(ConvolutionUnit unit) {
      throw new UnsupportedOperationException("the weights of a graph have no names of their own");
    }

    @Override
    Head head() {
      throw new UnsupportedOperationException("the weights of a graph have no names of their own");
    }

    @Override
    public List<Rename> renames() {
      return List.of();
    }
  };

  /**
   * Names of one convolution and its batch normalisation.
   *
   * @param kernel the kernel's name
   * @param norm the layer that holds the batch normalisation
   */
  record Source(String kernel, String norm) {}

  /** Names of the dense layer behind the features, and the order of its kernel's axes. */
  record Head(String kernel, String bias, Layout layout) {}

  /** Programs that agree in the names of variables and in layouts. */
  private enum Family {
    KERAS("/", "gamma", "beta", "moving_mean", "moving_variance"),
    SLIM("/", "gamma", "beta", "moving_mean", "moving_variance"),
    TORCH(".", "weight", "bias", "running_mean", "running_var");

    private final String separator;
    private final List<String> variables;

    Family(String separator, String... variables) {
      this.separator = separator;
      this.variables = List.of(variables);
    }

    Layout layout(ConvolutionUnit unit) {
      if (this != TORCH) {
        return Layout.SAME;
      }
      return unit.depthwise() ? Layout.DEPTHWISE_OIHW : Layout.OIHW;
    }
  }

  /** The variables of a batch normalisation, as Lentil names them, in the order of every format. */
  static final List<String> NORM = List.of("/gamma", "/beta", "/moving_mean", "/moving_variance");
  /** The blocks in each of timm's stages. */
  private static final int[] BLOCKS = {1, 2, 3, 4, 3, 3, 1};
  private static final Pattern HEADLESS = Pattern.compile("^(conv_stem\\.first_conv|conv_stem\\.conv_3x3|"
      + "conv_stem\\.reduce_1x1|layer\\.\\d+|conv_1x1)\\.");
  private static final Map<NamingScheme, List<Rename>> RENAMES = new EnumMap<>(NamingScheme.class);

  static {
    for (NamingScheme scheme : values()) {
      RENAMES.put(scheme, scheme == ONNX_GRAPH ? List.of() : scheme.build());
    }
  }

  private final String title;
  private final Family family;

  NamingScheme(String title, Family family) {
    this.title = title;
    this.family = family;
  }

  /** The scheme's name for people. */
  public String title() {
    return title;
  }

  /** The names of all weights but the head's, from the input to the output. */
  public List<Rename> renames() {
    return RENAMES.get(this);
  }

  /** As {@link #renames}, and the names of the dense layer that this scheme's classifiers usually end in. */
  public List<Rename> allRenames() {
    var all = new ArrayList<>(renames());
    all.add(new Rename(head().kernel(), DenseHead.KERNEL, head().layout()));
    all.add(new Rename(head().bias(), DenseHead.BIAS, Layout.SAME));
    return all;
  }

  /** Padding, epsilon and input scaling, under the keys of {@code ModelMetadata}. */
  public Map<String, String> conventions() {
    return family == Family.TORCH
        ? Map.of(ModelMetadata.PADDING, "symmetric", ModelMetadata.BN_EPSILON, "1.0E-5", ModelMetadata.INPUT_SCALING,
            InputScaling.TORCH.text())
        : Map.of(ModelMetadata.PADDING, "keras", ModelMetadata.BN_EPSILON, "0.001", ModelMetadata.INPUT_SCALING,
            InputScaling.MINUS_ONE_TO_ONE.text());
  }

  /** What separates the parts of a name. */
  String separator() {
    return family.separator;
  }

  /** A file's name for a weight without what differs between files of one scheme. */
  String normalised(String name) {
    return name;
  }

  abstract Source source(ConvolutionUnit unit);

  abstract Head head();

  /** The kernel by which a network of this scheme is found in a file. */
  String stem() {
    return renames().getFirst().source();
  }

  private List<Rename> build() {
    var renames = new ArrayList<Rename>();
    for (ConvolutionUnit unit : ConvolutionUnit.all()) {
      Source source = source(unit);
      renames.add(new Rename(source.kernel, unit.kernel(), family.layout(unit)));
      for (int i = 0; i < NORM.size(); i++) {
        renames.add(new Rename(source.norm + family.separator + family.variables.get(i), unit.norm() + NORM.get(i),
            Layout.SAME));
      }
    }
    return List.copyOf(renames);
  }
}
