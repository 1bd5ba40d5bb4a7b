package dev.lentil.backend.cuda.dnn;

import java.util.Locale;

/** What cuDNN can do in place of Lentil's own kernels and of matrix products by cuBLAS. */
public enum CudnnOperation {
  /** Convolutions that see more than a pixel, forward and both gradients; in MobileNetV2 that is the stem. */
  CONVOLUTION,
  /** Convolutions of single pixels and dense layers, forward and both gradients. */
  POINTWISE,
  /** Depthwise convolutions, forward and both gradients. */
  DEPTHWISE,
  /** Batch normalisation: with the statistics of the batch forward and backward, with moving statistics forward. */
  BATCH_NORM,
  /**
   * ReLU6 forward. Its gradient stays Lentil's own: cuDNN's passes at the threshold itself and asks for the input, which a
   * plan does not keep.
   */
  RELU6,
  /** Average pooling, forward and backward. */
  AVERAGE_POOL;

  /** Its name in {@link CudnnChoice#PROPERTY}: {@code batch-norm}. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
