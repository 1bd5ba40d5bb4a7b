package dev.lentil.backend.cuda.dnn;

import static dev.lentil.backend.cuda.dnn.CudnnError.check;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cuda.driver.DevicePointer;
import java.util.List;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgo;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * A convolution of one shape by cuDNN. Its algorithms are named here instead of searched for: cudnn_ops.h says of each that
 * it is deterministic, and a search might choose another one tomorrow. Filters are {@code [out,kernelH,kernelW,in]}.
 */
public final class CudnnConvolution {
  private static final List<Integer> FORWARD = List.of(
      cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM,
      cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM);
  private static final List<Integer> INPUT_GRADIENT =
      List.of(cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_1);
  private static final List<Integer> FILTER_GRADIENT =
      List.of(cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1);

  private final cudnnHandle handle;
  private final cudnnTensorDescriptor x;
  private final cudnnTensorDescriptor y;
  private final cudnnFilterDescriptor filter;
  private final cudnnConvolutionDescriptor convolution;
  private final ConvolutionShape shape;
  private final Algorithm forward;
  private final Algorithm filterGradient;

  /** Looked for when first wanted: nobody wants a stem's, and cuDNN may have none for three channels. */
  private Optional<Algorithm> inputGradient = Optional.empty();

  /** @param workspace the bytes that it needs */
  private record Algorithm(int code, long workspace) {}

  /** A call that asks how much workspace an algorithm needs. */
  private interface WorkspaceSize {
    int of(int algorithm, long[] bytes);
  }

  /** @throws BackendException if there is no deterministic algorithm forward or to the filter's gradient */
  CudnnConvolution(cudnnHandle handle, Descriptors descriptors, ConvolutionShape s, int math) {
    this.handle = handle;
    shape = s;
    x = descriptors.tensor(s.batch(), s.inH(), s.inW(), s.in());
    y = descriptors.tensor(s.batch(), s.outH(), s.outW(), s.out());
    filter = descriptors.filter(s.out(), s.kernelH(), s.kernelW(), s.in() / s.groups());
    convolution = descriptors.convolution(s.padH(), s.padW(), s.stride(), s.groups(), math);
    forward = first(FORWARD, s, (algorithm, bytes) -> JCudnn.cudnnGetConvolutionForwardWorkspaceSize(handle, x, filter,
        convolution, y, algorithm, bytes));
    filterGradient = first(FILTER_GRADIENT, s, (algorithm, bytes) -> JCudnn
        .cudnnGetConvolutionBackwardFilterWorkspaceSize(handle, x, y, convolution, filter, algorithm, bytes));
  }

  private static Algorithm first(List<Integer> algorithms, ConvolutionShape shape, WorkspaceSize size) {
    for (int algorithm : algorithms) {
      long[] bytes = new long[1];
      int status = size.of(algorithm, bytes);
      if (status == 0) {
        return new Algorithm(algorithm, bytes[0]);
      }
      if (!CudnnError.isNotSupported(status)) {
        check(status, "measure the workspace of " + shape);
      }
    }
    throw new BackendException("cuDNN has no deterministic algorithm for " + shape + ". Do without it by -D"
        + CudnnChoice.PROPERTY + "=none");
  }

  private Algorithm inputGradient() {
    if (inputGradient.isEmpty()) {
      inputGradient = Optional.of(first(INPUT_GRADIENT, shape, (algorithm, bytes) -> JCudnn
          .cudnnGetConvolutionBackwardDataWorkspaceSize(handle, filter, y, convolution, x, algorithm, bytes)));
    }
    return inputGradient.get();
  }

  /** The bytes of workspace that {@link #forward} needs. */
  public long forwardWorkspace() {
    return forward.workspace;
  }

  /**
   * The bytes of workspace that {@link #inputGradient} needs.
   *
   * @throws BackendException if there is no deterministic algorithm
   */
  public long inputGradientWorkspace() {
    return inputGradient().workspace;
  }

  /** The bytes of workspace that {@link #filterGradient} needs. */
  public long filterGradientWorkspace() {
    return filterGradient.workspace;
  }

  /** Writes {@code y}. */
  public Runnable forward(long input, long kernel, long output, long workspace) {
    Pointer from = new DevicePointer(input);
    Pointer weights = new DevicePointer(kernel);
    Pointer to = new DevicePointer(output);
    Pointer work = new DevicePointer(workspace);
    return () -> check(JCudnn.cudnnConvolutionForward(handle, Cudnn.ONE, x, from, filter, weights, convolution,
        forward.code, work, forward.workspace, Cudnn.ZERO, y, to), "convolve");
  }

  /**
   * The gradient of the input.
   *
   * @param add whether it is added to {@code dx} or written there
   */
  public Runnable inputGradient(long dy, long kernel, long dx, long workspace, boolean add) {
    Pointer from = new DevicePointer(dy);
    Pointer weights = new DevicePointer(kernel);
    Pointer to = new DevicePointer(dx);
    Pointer work = new DevicePointer(workspace);
    Algorithm algorithm = inputGradient();
    return () -> check(JCudnn.cudnnConvolutionBackwardData(handle, Cudnn.ONE, filter, weights, y, from, convolution,
        algorithm.code, work, algorithm.workspace, add ? Cudnn.ONE : Cudnn.ZERO, x, to),
        "convolve backwards to the input");
  }

  /** Writes the gradient of the filter. */
  public Runnable filterGradient(long input, long dy, long gradient, long workspace) {
    Pointer from = new DevicePointer(input);
    Pointer error = new DevicePointer(dy);
    Pointer to = new DevicePointer(gradient);
    Pointer work = new DevicePointer(workspace);
    return () -> check(JCudnn.cudnnConvolutionBackwardFilter(handle, Cudnn.ONE, x, from, y, error, convolution,
        filterGradient.code, work, filterGradient.workspace, Cudnn.ZERO, filter, to),
        "convolve backwards to the kernel");
  }
}
