package dev.lentil.mobilenetv2.selftest;

import dev.lentil.backend.Batch;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * A safetensors file with a MobileNetV2, a batch, and what another framework calculated from them in float64.
 *
 * <table>
 *   <caption>Layout</caption>
 *   <tr><td>metadata</td><td>{@code alpha}, {@code padding} (keras or torch), {@code bn_epsilon},
 *     {@code bn_momentum_keras}, {@code class_weights}</td></tr>
 *   <tr><td>{@code input}, {@code labels}</td><td>{@code [n,h,w,3]}, {@code [n,k]}</td></tr>
 *   <tr><td>{@code params/*}</td><td>every parameter under its Keras name</td></tr>
 *   <tr><td>{@code eval/logits}</td><td>inference</td></tr>
 *   <tr><td>{@code frozen_bn/*}, {@code train_bn/*}</td><td>{@code logits}, {@code loss}, {@code grad/*} of one training
 *     step, with moving statistics or those of the batch; every parameter is trained</td></tr>
 *   <tr><td>{@code after_train_forward/*}</td><td>moving statistics after one step with {@code train_bn}</td></tr>
 *   <tr><td>{@code adam10_*}</td><td>{@code losses}, some {@code params/*}: Adam steps at 1e-4, see {@link AdamReplay}</td></tr>
 * </table>
 *
 * Epsilon and momentum are the float32 roundings of what the metadata say, since the frameworks that write such files
 * store them so; class weights are not rounded.
 *
 * @param momentum the share of the old moving statistics that is kept
 */
record OracleFile(SafetensorsFile tensors, Network network, Weights weights, Batch batch, Loss loss, double momentum)
    implements AutoCloseable {
  private static final int CHANNELS = 3;

  /**
   * @throws IllegalArgumentException if an entry of the metadata or a parameter is missing or does not fit, naming the file
   *     and the field
   * @throws dev.lentil.safetensors.SafetensorsException if it is no sound safetensors file, or {@code input} or
   *     {@code labels} is missing
   */
  static OracleFile open(Path path) {
    SafetensorsFile file = SafetensorsFile.open(path);
    try {
      return read(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static OracleFile read(SafetensorsFile file) {
    Tensor input = file.tensor("input");
    Tensor labels = file.tensor("labels");
    if (input.shape().rank() != 4 || input.shape().extent(-1) != CHANNELS || labels.shape().rank() != 2
        || input.shape().extent(0) != labels.shape().extent(0)) {
      throw bad(file,
          "'input' is " + input.shape() + " and 'labels' " + labels.shape() + "; they must be [n,h,w,3] and [n,k]");
    }
    double momentum = (float) number(file, "bn_momentum_keras");
    int outputs = labels.shape().extent(1);
    double alpha = number(file, "alpha");
    double epsilon = (float) number(file, ModelMetadata.BN_EPSILON);
    Padding padding = padding(file);
    Network network;
    Weights weights;
    try {
      network = new MobileNetV2(alpha, input.shape().extent(1), input.shape().extent(2), padding, epsilon, momentum,
          new Head.Transfer(outputs, 0)).network();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file.path() + ": " + e.getMessage(), e);
    }
    try {
      weights = new Weights(file.tensors("params/")).matching(network);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file.path() + ", params/*: " + e.getMessage(), e);
    }
    Loss loss = outputs == 1 ? new Loss.BinaryCrossEntropy() : new Loss.CategoricalCrossEntropy();
    return new OracleFile(file, network, weights, new Batch(input, labels, sampleWeights(file, labels)), loss,
        momentum);
  }

  private static Padding padding(SafetensorsFile file) {
    return switch (metadata(file, ModelMetadata.PADDING)) {
      case "keras" -> Padding.KERAS;
      case "torch" -> Padding.SYMMETRIC;
      case String other -> throw bad(file, "metadata 'padding' is '" + other + "', but must be keras or torch");
    };
  }

  /** The weight of each sample's class: of its label with one output, of its largest label with several. */
  private static Tensor sampleWeights(SafetensorsFile file, Tensor labels) {
    String field = metadata(file, "class_weights");
    double[] classes;
    try {
      classes = Arrays.stream(field.split(",")).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      throw bad(file, "metadata 'class_weights' is '" + field + "', but must be numbers with commas between them");
    }
    int n = labels.shape().extent(0);
    int k = labels.shape().extent(1);
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      int label = k == 1 ? (int) labels.get(i) : 0;
      for (int j = 1; j < k; j++) {
        label = labels.get(i * k + j) > labels.get(i * k + label) ? j : label;
      }
      if (label < 0 || label >= classes.length) {
        throw bad(file,
            "there is a label " + label + ", but metadata 'class_weights' has " + classes.length + " numbers");
      }
      weights[i] = classes[label];
    }
    return Tensor.of(Shape.of(n), weights);
  }

  private static double number(SafetensorsFile file, String key) {
    String text = metadata(file, key);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw bad(file, "metadata '" + key + "' is '" + text + "', but must be a number");
    }
  }

  private static String metadata(SafetensorsFile file, String key) {
    String value = file.metadata().get(key);
    if (value == null) {
      throw bad(file, "the metadata have no '" + key + "'; this is not a reference file for the self-test");
    }
    return value;
  }

  private static IllegalArgumentException bad(SafetensorsFile file, String problem) {
    return new IllegalArgumentException(file.path() + ": " + problem);
  }

  boolean contains(String name) {
    return tensors.contains(name);
  }

  Tensor tensor(String name) {
    return tensors.tensor(name);
  }

  /** All tensors below a prefix, by the rest of their names. */
  Map<String, Tensor> below(String prefix) {
    return tensors.tensors(prefix);
  }

  @Override
  public void close() {
    tensors.close();
  }
}
