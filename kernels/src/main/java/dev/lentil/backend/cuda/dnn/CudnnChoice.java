package dev.lentil.backend.cuda.dnn;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.driver.BindingChoice;
import dev.lentil.backend.cuda.driver.CudaLibraries;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jcuda.jcudnn.JCudnn;

/**
 * Which operations cuDNN does. Where it is found and nothing else is asked for, that is {@link CudnnOperation#CONVOLUTION}.
 *
 * @param operations empty where cuDNN is not used
 * @param wanted whether the property asks for them, so that what cuDNN cannot do is an error
 * @param text what was chosen and why, for people
 */
public record CudnnChoice(Set<CudnnOperation> operations, boolean wanted, String text) {
  /**
   * What cuDNN does: {@code none}, {@code all}, or names such as {@code convolution,batch-norm}. For comparison, and as a
   * second opinion on Lentil's own kernels.
   */
  public static final String PROPERTY = "lentil.cuda.cudnn";

  /** The major version of cuDNN that JCudnn's native half is linked against. */
  private static final int VERSION = 9;

  private static final Set<CudnnOperation> USUAL = EnumSet.of(CudnnOperation.CONVOLUTION);
  private static final String REMEDY = "Install NVIDIA's cuDNN 9 (package libcudnn9-cuda-13, or pip install "
      + "nvidia-cudnn-cu13; -cu12 for CUDA 12), or set LENTIL_CUDA_PATH to the folder that holds it";

  /**
   * Chooses; needs no card.
   *
   * @throws BackendException if the property asks for what there is not, with the remedy
   */
  public static CudnnChoice of(Precision precision) {
    Optional<Set<CudnnOperation>> asked = asked();
    if (asked.isPresent() && asked.get().isEmpty()) {
      return unused("as the property " + PROPERTY + " wants");
    }
    Optional<String> problem = problem(precision);
    if (problem.isPresent()) {
      if (asked.isPresent()) {
        throw new BackendException("the property " + PROPERTY + " asks for cuDNN, but " + problem.get()
            + ". Without the property, Lentil's own kernels run instead");
      }
      return unused(problem.get());
    }
    Set<CudnnOperation> operations = asked.orElse(USUAL);
    return new CudnnChoice(operations, asked.isPresent(), "cuDNN " + version() + " through JCudnn for "
        + operations.stream().map(CudnnOperation::text).collect(Collectors.joining(", "))
        + (asked.isPresent() ? ", as the property " + PROPERTY + " wants" : ""));
  }

  private static CudnnChoice unused(String why) {
    return new CudnnChoice(Set.of(), false, "no cuDNN but own kernels, " + why);
  }

  /** What the property names; empty without the property. */
  private static Optional<Set<CudnnOperation>> asked() {
    String value = System.getProperty(PROPERTY, "").strip();
    if (value.isEmpty()) {
      return Optional.empty();
    }
    var operations = EnumSet.noneOf(CudnnOperation.class);
    switch (value) {
      case "none" -> {
      }
      case "all" -> operations.addAll(EnumSet.allOf(CudnnOperation.class));
      default -> {
        for (String name : value.split(",")) {
          operations.add(named(name.strip()));
        }
      }
    }
    return Optional.of(operations);
  }

  private static CudnnOperation named(String name) {
    return Arrays.stream(CudnnOperation.values()).filter(operation -> operation.text().equals(name)).findFirst()
        .orElseThrow(() -> new BackendException("the property " + PROPERTY + " names '" + name
            + "': write none, all, or some of " + Arrays.stream(CudnnOperation.values()).map(CudnnOperation::text)
                .collect(Collectors.joining(","))));
  }

  /** Why cuDNN cannot be used. */
  private static Optional<String> problem(Precision precision) {
    if (precision == Precision.BFLOAT16) {
      return Optional.of("since it would round the gradients of kernels to bfloat16");
    }
    if (library().isEmpty()) {
      return Optional.of("since libcudnn.so." + VERSION + " is nowhere to be found. " + REMEDY);
    }
    return Loaded.PROBLEM.map(problem -> "since JCudnn cannot load: " + problem);
  }

  /** The library that JCudnn calls, if there is one. */
  public static Optional<CudaLibraries.Found> library() {
    return CudaLibraries.load("cudnn", VERSION);
  }

  /** The version of cuDNN where it was chosen; it counts, since version 9, 92400 for 9.24.0. */
  public static String version() {
    long version = JCudnn.cudnnGetVersion();
    return version / 10000 + "." + version % 10000 / 100 + "." + version % 100;
  }

  /** JCudnn, loaded when first asked for. */
  private static final class Loaded {
    static final Optional<String> PROBLEM =
        BindingChoice.problemOf(() -> JCudnn.setExceptionsEnabled(false));
  }
}
