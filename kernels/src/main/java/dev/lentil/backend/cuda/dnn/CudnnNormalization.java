package dev.lentil.backend.cuda.dnn;

import static dev.lentil.backend.cuda.dnn.CudnnError.check;

import dev.lentil.backend.cuda.driver.DevicePointer;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnBatchNormMode;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * Batch normalisation of one shape by cuDNN. The mode is not the persistent one, which adds atomically.
 *
 * @param values NHWC
 * @param channels of scale, shift and statistics
 */
public record CudnnNormalization(cudnnHandle handle, cudnnTensorDescriptor values, cudnnTensorDescriptor channels) {
  private static final int MODE = cudnnBatchNormMode.CUDNN_BATCHNORM_SPATIAL;

  /** A null pointer: cuDNN then moves no moving statistics, whose variance it would divide by one row less than Keras. */
  private static final Pointer NOTHING = new Pointer();

  /**
   * With the statistics of the batch, which are written to {@code saved} as {@code [2,c]}: the mean, then
   * {@code 1 / sqrt(variance + epsilon)}, the variance divided by the number of rows.
   */
  public Runnable train(long x, long gamma, long beta, long y, long saved, int c, double epsilon) {
    Pointer from = new DevicePointer(x);
    Pointer to = new DevicePointer(y);
    Pointer scale = new DevicePointer(gamma);
    Pointer shift = new DevicePointer(beta);
    Pointer mean = new DevicePointer(saved);
    Pointer inverse = new DevicePointer(saved + 4L * c);
    return () -> check(JCudnn.cudnnBatchNormalizationForwardTraining(handle, MODE, Cudnn.ONE, Cudnn.ZERO, values, from,
        values, to, channels, scale, shift, 1, NOTHING, NOTHING, epsilon, mean, inverse), "normalise a batch");
  }

  /** With moving statistics. */
  public Runnable infer(long x, long gamma, long beta, long movingMean, long movingVariance, long y, double epsilon) {
    Pointer from = new DevicePointer(x);
    Pointer to = new DevicePointer(y);
    Pointer scale = new DevicePointer(gamma);
    Pointer shift = new DevicePointer(beta);
    Pointer mean = new DevicePointer(movingMean);
    Pointer variance = new DevicePointer(movingVariance);
    return () -> check(JCudnn.cudnnBatchNormalizationForwardInference(handle, MODE, Cudnn.ONE, Cudnn.ZERO, values, from,
        values, to, channels, scale, shift, mean, variance, epsilon), "normalise");
  }

  /**
   * The gradients of {@link #train}; those of gamma and beta are written.
   *
   * @param add whether the input's is added to {@code dx} or written there
   */
  public Runnable gradients(long x, long dy, long gamma, long saved, int c, double epsilon, long dgamma, long dbeta,
      long dx, boolean add) {
    Pointer from = new DevicePointer(x);
    Pointer error = new DevicePointer(dy);
    Pointer to = new DevicePointer(dx);
    Pointer scale = new DevicePointer(gamma);
    Pointer toScale = new DevicePointer(dgamma);
    Pointer toShift = new DevicePointer(dbeta);
    Pointer mean = new DevicePointer(saved);
    Pointer inverse = new DevicePointer(saved + 4L * c);
    return () -> check(JCudnn.cudnnBatchNormalizationBackward(handle, MODE, Cudnn.ONE, add ? Cudnn.ONE : Cudnn.ZERO,
        Cudnn.ONE, Cudnn.ZERO, values, from, values, error, values, to, channels, scale, toScale, toShift, epsilon,
        mean, inverse), "normalise a batch backwards");
  }
}
