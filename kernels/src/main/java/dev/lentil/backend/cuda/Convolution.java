package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.dnn.Cudnn;
import dev.lentil.backend.cuda.dnn.CudnnOperation;
import dev.lentil.nn.Window;
import dev.lentil.plan.Target;
import java.util.List;
import java.util.Optional;

/** A convolution's work, or a dense layer's, without its bias. */
sealed interface Convolution permits CublasConvolution, KerasPaddedConvolution {

  void forward(List<Op> ops);

  /** Writes the gradient of the kernel, {@code dy} being the address of the output's. */
  void kernelGradient(List<Op> ops, long dy);

  /** The gradient of the input, {@code dy} being the address of the output's. */
  void inputGradient(List<Op> ops, long dy, Target dx);

  /**
   * By cuDNN where that was chosen, else by cuBLAS.
   *
   * @param kernel the name of the kernel's parameter, {@code [kernelH,kernelW,in,out]}
   * @param x the input
   * @param y the output
   */
  static Convolution of(Bindings at, Folds folds, String kernel, Window window, int in, int out, int x, int y) {
    CudnnOperation operation = window.isPointwise() ? CudnnOperation.POINTWISE : CudnnOperation.CONVOLUTION;
    Optional<Cudnn> cudnn = at.device().cudnn(operation);
    return cudnn.flatMap(library -> KerasPaddedConvolution.of(library, at, folds, kernel, window, in, out, 1, x, y))
        .orElseGet(() -> new CublasConvolution(at, kernel, window, in, out, x, y));
  }
}
