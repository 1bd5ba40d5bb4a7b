package dev.lentil.weights.scheme;

import dev.lentil.mobilenetv2.Head;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.weights.store.StoredTensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The dense layer behind the features. Programs number and name it as they like; it is known by being the only matrix
 * that reads the features, or by the name that its scheme usually gives it.
 *
 * @param kernel in the file
 * @param bias in the file; empty if there is none, which is a bias of zeros
 */
record DenseHead(StoredTensor kernel, Optional<StoredTensor> bias, Layout layout) {
  static final String KERNEL = Head.KERNEL;
  static final String BIAS = Head.BIAS;

  private static final Map<String, String> BIASES = Map.of("kernel", "bias", "weight", "bias", "weights", "biases");

  /**
   * Finds the head.
   *
   * @param rest the floating-point tensors that are not the features', by their names in the scheme
   * @param features how many channels the last convolution has
   */
  static Optional<DenseHead> find(NamingScheme scheme, Map<String, StoredTensor> rest, long features) {
    NamingScheme.Head usual = scheme.head();
    Map<String, StoredTensor> matrices = new LinkedHashMap<>();
    rest.forEach((name, tensor) -> {
      if (isKernel(name, tensor, usual, features)) {
        matrices.put(name, tensor);
      }
    });
    long others = rest.values().stream().filter(tensor -> tensor.shape().size() == 2).count();
    Optional<String> chosen = matrices.containsKey(usual.kernel())
        ? Optional.of(usual.kernel())
        : others == 1 ? matrices.keySet().stream().findFirst() : Optional.empty();
    return chosen.map(name -> new DenseHead(rest.get(name), bias(scheme, name, rest),
        rest.get(name).shape().size() == 4
            ? Layout.ONE_BY_ONE
            : usual.layout() == Layout.ONE_BY_ONE
                ? Layout.SAME
                : usual.layout()));
  }

  private static boolean isKernel(String name, StoredTensor tensor, NamingScheme.Head usual, long features) {
    List<Long> shape = tensor.shape();
    return switch (usual.layout()) {
      case OUT_IN -> shape.size() == 2 && shape.get(1) == features;
      case ONE_BY_ONE -> name.equals(usual.kernel()) && shape.size() == 4 && shape.get(2) == features
          || shape.size() == 2 && shape.get(0) == features;
      default -> shape.size() == 2 && shape.get(0) == features;
    };
  }

  private static Optional<StoredTensor> bias(NamingScheme scheme, String kernel, Map<String, StoredTensor> rest) {
    int last = kernel.lastIndexOf(scheme.separator()) + 1;
    return Optional.ofNullable(BIASES.get(kernel.substring(last)))
        .map(variable -> rest.get(kernel.substring(0, last) + variable)).filter(tensor -> tensor.shape().size() == 1);
  }

  /**
   * What stands beside it and has parameters, such as a batch normalisation before it: the dense layer alone would give
   * other answers. Empty if it is the whole head.
   *
   * @param beside the floating-point tensors among which it was found, and those that have no place in the features
   */
  Optional<String> incomplete(Collection<StoredTensor> beside) {
    return beside.stream().filter(tensor -> tensor != kernel && tensor != bias.orElse(null)).findFirst()
        .map(tensor -> "'" + tensor.name() + "' beside its dense layer");
  }

  /** The head's weights under Lentil's names. */
  Map<String, Tensor> read() {
    var weights = new LinkedHashMap<String, Tensor>();
    Tensor matrix = layout.toLentil(kernel.read());
    weights.put(KERNEL, matrix);
    Tensor zeros = Tensor.of(Shape.of(matrix.shape().extent(-1)), new float[matrix.shape().extent(-1)]);
    weights.put(BIAS, bias.map(StoredTensor::read).orElse(zeros));
    return weights;
  }
}
